"""What is asked of the database, in SQLAlchemy Core; one file for each subject."""
