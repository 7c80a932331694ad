"""Central's HTTP side: what kiosks call, what operators look at, what monitors ask."""
