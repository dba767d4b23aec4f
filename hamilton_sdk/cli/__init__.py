"""The `hamilton` command."""
