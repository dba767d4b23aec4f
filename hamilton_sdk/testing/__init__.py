"""For tests: simulators, fault scripts, a loopback server, contracts, throw-away certificates."""
