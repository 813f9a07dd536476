"""What anyone may ask of a paper or a case, and what keeps them from asking too often."""
