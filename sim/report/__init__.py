"""What people read: the headline on the terminal, and the figures."""
