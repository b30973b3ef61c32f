"""What a case in a state without anybody's task waits for, and whether it comes."""
