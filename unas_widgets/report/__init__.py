"""What stays of a run without a kernel: the report, and the Workbench in a saved notebook."""
