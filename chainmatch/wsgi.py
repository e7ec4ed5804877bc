"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chainmatch.settings")
application = get_wsgi_application()

from chainmatch.guard import refuse_demo_accounts  # noqa: E402  (models need the loaded apps)
from chainmatch.warming import warm_beside  # noqa: E402

refuse_demo_accounts()
warm_beside()
