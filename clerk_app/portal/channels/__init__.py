"""Ways back to the citizen: the BundID mailbox through the ZBP bridge, and FIT-Connect replies."""
