"""Speed, measured: ours, the peer and the floor in one process or in turn, as ratios (``make bench``)."""
