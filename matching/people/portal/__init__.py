"""Pages about people: a firm's own, all accounts, roles asked for, organisations, invitations."""

from matching.people.portal import accounts, colleagues, grades, invitation, organisations, requests

urlpatterns = [
    *colleagues.urlpatterns,
    *accounts.urlpatterns,
    *requests.urlpatterns,
    *organisations.urlpatterns,
    *grades.urlpatterns,
    *invitation.urlpatterns,
]
