"""What two firms agreed on: typed at the table, confirmed by the other side, then followed up."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from matching.agreements.models import Agreement, Milestone, MilestoneState, SupervisionOrder
from matching.agreements.services import follow_up, plan_step
from matching.agreements.states import AgreementState, OrderState
from tests import factories, world
from tests.browser.conftest import Arrive
from tests.browser.pages import EXCESS, PHONE
from tests.floor.days import meeting_today


def test_from_the_table_to_the_supervision_order(arrive: Arrive) -> None:
    here = world.build()
    meeting = meeting_today(here)
    first = meeting.appointments.order_by("slot")[0]
    leader, member = arrive(here.leader), arrive(here.member)
    leader.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})

    leader.open(f"/appointments/{first.pk}/result/")
    assert leader.page.evaluate(EXCESS) == 0
    leader.page.check("input[name=result][value=intent]")
    leader.page.fill("#id_amount", "50")
    leader.page.click("main form button[type=submit]")
    leader.page.wait_for_url(f"**/meetings/{meeting.pk}/floor/")
    stated = Agreement.objects.get()
    assert (stated.state, stated.amount) == (AgreementState.STATED, Decimal(500_000))

    member.open("/")
    member.page.click("main a[href='/progress/?show=confirm']")
    member.page.click(f"main a[href='/progress/{first.review_id}/']")
    member.sees("500,000")
    member.press("confirm")
    member.sees_state("confirmed")
    intent = Milestone.objects.get(review=first.review, step="intent")
    assert intent.state == MilestoneState.DONE
    member.open("/")
    assert member.page.locator("a[href='/progress/?show=confirm'] b").inner_text() == "0"

    today = timezone.localdate()
    plan_step(actor=here.office, review_id=first.review_id, due_on=today)
    follow_up(today=today + timedelta(days=30))
    order = SupervisionOrder.objects.get(milestone__review=first.review)
    department, office = arrive(here.department), arrive(here.office)
    department.open("/")
    department.page.click("main a[href='/supervision/']")
    department.page.click(f"main a[href='/supervision/{order.pk}/']")
    department.sees(factories.firm_of(here.leader).name)
    department.page.fill("#id_answer", "已协调双方，下周寄样。")
    department.press("answer")
    department.sees_state("answered")
    office.open("/")
    office.page.locator("main a[href='/supervision/']").first.click()
    office.page.click(f"main a[href='/supervision/{order.pk}/']")
    office.sees("已协调双方，下周寄样。")
    office.press("close")
    office.sees_state("closed")
    order.refresh_from_db()
    assert order.state == OrderState.CLOSED
