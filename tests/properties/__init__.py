"""What must hold of any scenario: it is checked without a crash, and what is simulated of it is finite and whole."""
