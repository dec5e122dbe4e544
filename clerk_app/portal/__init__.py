"""The portal: FIT-Connect as seen by a subscriber.

``office.build_office`` makes everything from ``config``: one
:class:`~clerk_app.portal.mailbox.FitConnectMailbox` per Zustellpunkt and the channels back to citizens.
Version-specific names of the interface stay in ``wire``, ``v1`` and ``v2``.
"""
