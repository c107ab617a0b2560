"""View models as HTML text: what the live panels show, and what stays when there is no kernel."""
