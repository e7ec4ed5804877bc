"""What people do in their browsers, step by step; a step returns when its page shows the outcome."""

from __future__ import annotations

from collections.abc import Mapping

from playwright.sync_api import Page, expect

from tests.factories import PASSWORD

RUN_SECONDS = 60


class Person:
    """One person in one browser."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.noise: list[str] = []
        page.on(
            "console", lambda message: self.noise.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: self.noise.append(str(error)))

    @property
    def faults(self) -> list[str]:
        """The noise but for requests given up for a newer one or for another page: htmx logs each twice."""
        left = self.noise.copy()
        for given_up in [line for line in left if line.startswith("htmx:sendAbort")]:
            left.remove(given_up)
            left.remove(given_up.replace("sendAbort", "afterRequest"))
        return left

    def sign_in(self, username: str) -> None:
        """From the public page to the person's work."""
        self.page.goto("/")
        self.page.click("main a[href='/accounts/login/'], .hero a[href='/accounts/login/']")
        self.page.fill("#id_login", username)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("main button[type=submit]")
        expect(self.page.locator("a[href='/accounts/logout/']").last).to_be_visible()

    def open(self, path: str) -> None:
        """Go to a page by its address."""
        self.page.goto(path)

    def choose(self, path: str) -> None:
        """Click an entry of the menu, opening its group."""
        entry = f"a.nav-link[href='{path}']"
        group = self.page.locator(f"nav details.group:not([open]):has({entry}) > summary")
        if group.count():
            group.click()
        self.page.click(f"nav {entry}")

    def press(self, action: str) -> None:
        """Press the first button of that action."""
        self.page.locator(f"button[value='{action}']").first.click()

    def settles(self) -> None:
        """Parts that were put into the page are ready: what is pressed earlier goes past their scripts."""
        expect(self.page.locator(".htmx-added, .htmx-settling, .htmx-swapping, .htmx-request")).to_have_count(
            0
        )

    def sees(self, text: str) -> None:
        """The main part of the page shows that text."""
        expect(self.page.locator("main")).to_contain_text(text)

    def sees_state(self, state: str) -> None:
        """The page shows a state's badge."""
        expect(self.page.locator(f"main .state-{state}").first).to_be_visible()

    # Firms

    def enter_line(
        self, side: str, columns: Mapping[str, str], rows: Mapping[str, str], *, rows_name: str, node: str
    ) -> None:
        """Fill in and submit a line; rows are typed as people write them."""
        self.open(f"/lists/{side}/new/")
        with self.page.expect_response("**/lists/nodes/**"):
            self.page.select_option("#id_chain", columns["chain"])
        self.page.select_option("#id_node", label=node)
        for name, value in columns.items():
            if name != "chain":
                self.page.fill(f"#id_{name}", value)
        for number, (parameter, value) in enumerate(rows.items()):
            self._type_row(rows_name, number, parameter, value)
        self.press("submit")
        self.sees_state("submitted")

    def _type_row(self, rows_name: str, number: int, parameter: str, value: str) -> None:
        place = self.page.locator(f"#id_{rows_name}-{number}-parameter")
        if not place.count():
            self.page.click(f"button[hx-get='/lists/rows/{rows_name}/']")
            expect(place).to_be_visible()
        place.fill(parameter)
        written = self.page.locator(f"#id_{rows_name}-{number}-value")
        written.fill(value)
        with self.page.expect_response(f"**/lists/understood/{rows_name}/**"):
            written.blur()

    def says_yes(self) -> None:
        """Accept the match that waits."""
        self.open("/matches/?show=waiting")
        self.page.locator("button[value$='_accept']").first.click()

    # Offices

    def verifies_all(self, side: str) -> None:
        """Tick everything that waits and verify it."""
        self.open(f"/verification/?side={side}")
        self.page.check("input[data-check-all='line']")
        self.press("verify")
        expect(self.page.locator("main .alert-success")).to_be_visible()

    def closes_the_round(self) -> None:
        """Close the open round of the person's chain."""
        self.open("/rounds/")
        self.press("close")
        self.sees_state("closed")

    def starts_matching(self) -> None:
        """Start the run and watch it until its figures stand."""
        self.page.locator("main button[name='round']").first.click()
        expect(self.page.locator(".figures")).to_be_visible(timeout=RUN_SECONDS * 1000)
        self.sees_state("finished")

    def shortlists_first(self) -> None:
        """Shortlist the best offer of the first demand line, without leaving the page."""
        self.page.click(".nav-tabs a[href$='/matches/']")
        card = self.page.locator("article.offer").first
        card.locator("button[value='shortlist']").click()
        expect(card.locator(".state-shortlisted")).to_be_visible()

    def publishes(self) -> None:
        """Publish the run with the changes before one's eyes."""
        self.page.click(".page-head a[href$='/publish/']")
        expect(self.page.locator(".figures")).to_be_visible()
        self.page.click("form.form-foot button[type=submit]")
        expect(self.page.locator(".facts .mono").first).to_be_visible()

    def proposes_meeting(self, chain: str) -> None:
        """Propose the chain's signing meeting now."""
        self.open("/meetings/")
        self.page.click(f"form[action='/meetings/propose/{chain}/'] button")
        self.sees_state("proposed")

    def approves_meeting(self) -> None:
        """Approve the newest proposal."""
        self.open("/meetings/")
        self.page.click("table a[href^='/meetings/']")
        self.press("approve")
        self.sees_state("approved")
