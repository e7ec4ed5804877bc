"""Pages of the overview: work that waits, figures, the wall screen, and what everybody may read."""

from __future__ import annotations

from django.urls import path

from matching.overview.portal.design import design
from matching.overview.portal.home import chain_detail, chain_list, home
from matching.overview.portal.overview import overview, overview_rows
from matching.overview.portal.permits import access_table
from matching.overview.portal.public import api_guide, favicon, method, published_statistics, robots
from matching.overview.portal.wall import overview_wall

urlpatterns = [
    path("", home, name="home"),
    path("favicon.ico", favicon, name="favicon"),
    path("robots.txt", robots, name="robots"),
    path("how-matching-works/", method, name="method"),
    path("api/guide/", api_guide, name="api_guide"),
    path("design/", design, name="design"),
    path("access/", access_table, name="access_table"),
    path("statistics/", published_statistics, name="statistics"),
    path("chains/", chain_list, name="chain_list"),
    path("chains/<slug:code>/", chain_detail, name="chain_detail"),
    path("overview/", overview, name="overview"),
    path("overview/rows/", overview_rows, name="overview_rows"),
    path("overview/wall/", overview_wall, name="overview_wall"),
]
