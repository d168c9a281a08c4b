"""Requests for footage, from receipt to hand-over: who asks, on what legal basis, who approved."""
