"""What happened to one offender or officer, read from the event log."""
