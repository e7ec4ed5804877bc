"""API of agreements and of what came of appointments."""

from matching.agreements.api.agreements import AgreementView
from matching.agreements.api.attachments import AgreementFilesView, AgreementFileView
from matching.agreements.api.orders import FollowUpRuleView, OrderView
from matching.agreements.api.outcomes import OutcomeView
from matching.agreements.api.progress import ProgressView
from matching.agreements.api.releases import AgreementReleaseView, ListReleaseView

routes = [
    ("matching-lists/(?P<list>[^/]+)/releases", ListReleaseView, "matching_list_releases"),
    ("agreements/releases", AgreementReleaseView, "agreement_releases"),
    ("agreements/(?P<agreement>[^/]+)/attachments", AgreementFilesView, "agreement_attachment"),
    ("agreement-attachments", AgreementFileView, "agreement_file"),
    ("agreements", AgreementView, "agreement"),
    ("outcomes", OutcomeView, "outcome"),
    ("progress", ProgressView, "progress"),
    ("supervision-orders", OrderView, "supervision_order"),
    ("follow-up-rules", FollowUpRuleView, "follow_up_rule"),
]
