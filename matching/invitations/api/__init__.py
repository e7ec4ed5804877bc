"""API of invitations."""

from matching.invitations.api.invitations import InvitationView

__all__ = ("routes",)

routes = [("invitations", InvitationView, "invitation")]
