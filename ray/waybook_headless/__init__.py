"""The part of Waybook that runs on a Ray cluster: a driver, a runner, and beside them the programs for Node."""

PROTOCOL = 1
