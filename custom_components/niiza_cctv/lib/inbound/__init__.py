"""What cameras send us on their own: heartbeat mails and reports of their address."""
