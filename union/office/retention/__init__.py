"""What is kept and for how long, and what is held: the rules collected, and their pages."""
