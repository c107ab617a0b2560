"""Files of which folders name the class: which belong to which class and part, and which are left out, and why."""
