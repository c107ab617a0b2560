"""What was reached: fronts, hypervolume, shadow prices, scalarised objectives, data frames."""
