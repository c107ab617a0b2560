"""Orders of operators and the memory that each one takes; the smallest peak, exactly."""
