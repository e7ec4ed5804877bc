"""The demo accounts: one for each role, all with one known password, refused in production."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from accounts.credentials.secrets import digest
from accounts.credentials.services import make_token
from accounts.models import Membership, Organisation, PersonalToken, User
from accounts.roles import EVERYWHERE, OrganisationKind, Role
from accounts.scopes import OF_APPLICATIONS
from accounts.services import open_account
from chainmatch.sample import places
from chainmatch.sample.store import sample_id
from matching.errors import Conflict

PASSWORD = "chainmatch-demo"
CHAIN = "photovoltaic"
LEADER, MEMBER = "leader", "member"
OFFICE, DEPARTMENT, INTEGRATOR, ADMIN = "office", "department", "integrator", "admin"
TOKEN_NAME = "demo"


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account; ``seat`` is the office's name, or which firm of the guide it acts for."""

    username: str
    name: str
    role: Role | None
    seat: str
    title: str
    hint_zh: str
    hint_en: str
    chains: tuple[str, ...] = (EVERYWHERE,)
    regions: tuple[str, ...] = (EVERYWHERE,)


ACCOUNTS = (
    Account(
        "chief",
        "总链长(演示)",
        Role.CHIEF_CHAIN_HEAD,
        "示例省产业链链长制领导小组",
        "总链长 Chief chain head",
        "查看十条产业链的总体情况",
        "see all ten chains at a glance",
    ),
    Account(
        "head",
        "光伏链长(演示)",
        Role.CHAIN_HEAD,
        "示例省产业链链长制领导小组",
        "链长 Chain head",
        "查看光伏产业链的清单、缺口，审定签约会",
        "photovoltaics: lists, gaps; decide the signing meeting",
        chains=(CHAIN,),
    ),
    Account(
        DEPARTMENT,
        "光伏责任部门(演示)",
        Role.LEAD_DEPARTMENT,
        "示例省能源主管部门",
        "责任部门 Lead department",
        "查看光伏清单与匹配结果，批准拟议的签约会",
        "look at photovoltaics, approve the proposed meeting",
        chains=(CHAIN,),
    ),
    Account(
        "city",
        "太原专班(演示)",
        Role.CITY_TASK_FORCE,
        "太原市示例产业链专班",
        "市级专班 City task force",
        "审核太原企业提交的条目",
        "verify what firms of Taiyuan have submitted",
        regions=("1401",),
    ),
    Account(
        OFFICE,
        "链长办(演示)",
        Role.CHAIN_OFFICE,
        "示例省链长办专班",
        "链长办专班 Chain office",
        "复核并发布特种金属的匹配结果；关闭调度期、启动匹配",
        "review and publish special metals; close a round, start a run",
    ),
    Account(
        LEADER,
        "链主采购(演示)",
        Role.LEADER_FIRM,
        LEADER,
        "链主企业 Leader firm",
        "答复入围匹配，填报需求清单",
        "answer shortlisted matches, write demand lines",
    ),
    Account(
        MEMBER,
        "链上销售(演示)",
        Role.MEMBER_FIRM,
        MEMBER,
        "链上企业 Member firm",
        "答复入围匹配，填报供应清单",
        "answer shortlisted matches, write supply lines",
    ),
    Account(
        INTEGRATOR,
        "ERP 接口(演示)",
        Role.INTEGRATOR,
        LEADER,
        "集成方 Integrator (API)",
        "以令牌调用 /api/v1/，文档见 /api/docs/",
        "call /api/v1/ with the token; docs at /api/docs/",
    ),
    Account(
        "system",
        "系统管理员(演示)",
        Role.SYSTEM_ADMIN,
        "示例省数据管理中心",
        "系统管理员 System admin",
        "查看运行状况与各项设置",
        "see how the installation runs and is set",
    ),
    Account(
        "security",
        "安全管理员(演示)",
        Role.SECURITY_ADMIN,
        "示例省数据管理中心",
        "安全管理员 Security admin",
        "解锁账号、重置双因素、结束登录",
        "unlock accounts, reset second factors, end sessions",
    ),
    Account(
        "auditor",
        "审计管理员(演示)",
        Role.AUDITOR,
        "示例省数据管理中心",
        "审计管理员 Auditor",
        "检索审计记录：谁在何时改了什么",
        "search the audit: who changed what, and when",
    ),
    Account(
        ADMIN,
        "后台管理(演示)",
        None,
        "",
        "后台 Administrator",
        "后台 /admin/：用户、机构、链与词表",
        "/admin/: users, organisations, chains, glossary",
    ),
)


@transaction.atomic
def ensure_accounts(guide: tuple[str, str]) -> int:
    """Create the demo accounts that are missing and wake those that were switched off.

    ``guide`` holds the credit codes of the leader and the member firm. Returns how many were touched.
    Raises ``Conflict`` where a user name belongs to a real person.
    """
    known = {user.username: user for user in User.objects.filter(username__in=[a.username for a in ACCOUNTS])}
    touched = 0
    for account in ACCOUNTS:
        user = known.get(account.username)
        if user is None:
            _open(account, guide)
        elif not user.is_demo:
            raise Conflict(
                f"The user name “{account.username}” is taken by an account that is no demo account.",
                code="user_name_taken",
            )
        elif user.is_active:
            continue
        else:
            _wake(user)
        touched += 1
    return touched


def missing_accounts() -> bool:
    """Whether ``ensure_accounts`` would change anything."""
    names = [account.username for account in ACCOUNTS]
    active = User.objects.filter(username__in=names, is_active=True, is_demo=True)
    return active.count() < len(names)


def _open(account: Account, guide: tuple[str, str]) -> None:
    if account.role is None:
        User.objects.create_superuser(
            username=account.username, password=PASSWORD, name=account.name, is_demo=True
        )
        return
    open_account(
        username=account.username,
        password=PASSWORD,
        name=account.name,
        organisation=_organisation(account, guide),
        role=account.role,
        chains=account.chains,
        regions=account.regions,
        is_demo=True,
    )


def _organisation(account: Account, guide: tuple[str, str]) -> Organisation:
    if account.seat in (LEADER, MEMBER):
        return Organisation.objects.get(uscc=guide[account.seat == MEMBER])
    office, _created = Organisation.objects.get_or_create(
        id=sample_id("office", account.seat),
        defaults={
            "kind": OrganisationKind.OFFICE,
            "name": account.seat,
            "region": "1401" if account.regions == ("1401",) else "14",
            "is_demo": True,
        },
    )
    return office


def _wake(user: User) -> None:
    user.is_active = True
    user.set_password(PASSWORD)
    user.save(update_fields=["is_active", "password"])


def person_of(firm: Organisation) -> User:
    """Somebody who acts for a sample firm in the demo's story; nobody can sign in as them."""
    user = User.objects.filter(memberships__organisation=firm, is_active=True).order_by("pk").first()
    if user is not None:
        return user
    leads = firm.kind == OrganisationKind.LEADER_FIRM
    user = open_account(
        username=f"firm-{(firm.uscc or '')[-10:].lower()}",
        password=secrets.token_urlsafe(),
        name=f"{firm.short_name}联系人",
        organisation=firm,
        role=Role.LEADER_FIRM if leads else Role.MEMBER_FIRM,
        is_demo=True,
    )
    user.set_unusable_password()
    user.save(update_fields=["password"])
    return user


def integrator_token() -> str:
    """The integrator's token: the kept one while it is valid, else a new one.

    Side effects: a file that only its owner can read.
    """
    user = User.objects.get(username=INTEGRATOR)
    path = places.token_file()
    kept = path.read_text(encoding="ascii").strip() if path.exists() else ""
    mine = PersonalToken.objects.filter(user=user, name=TOKEN_NAME)
    in_force = mine.filter(digest=digest(kept), expires_at__gt=timezone.now())
    if kept and in_force.exists():
        return kept
    mine.delete()
    _made, token = make_token(actor=user, name=TOKEN_NAME, scopes=OF_APPLICATIONS)
    _keep(path, token)
    return token


def _keep(path: Path, token: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(token + "\n")


@transaction.atomic
def switch_off() -> int:
    """Deactivate every demo account; what they wrote stays attributable. Returns how many.

    Side effects: their passwords no longer work, their memberships sleep, their tokens are gone.
    """
    demo = User.objects.filter(is_demo=True)
    PersonalToken.objects.filter(user__in=demo).delete()
    places.token_file().unlink(missing_ok=True)
    active = list(demo.filter(is_active=True))
    for user in active:
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
    return len(active)


def account_of(username: str) -> User:
    """A demo account by its user name."""
    return User.objects.get(username=username, is_demo=True)


def firm_of(username: str) -> Organisation:
    """The firm that a demo account acts for."""
    return Membership.objects.select_related("organisation").get(user__username=username).organisation
