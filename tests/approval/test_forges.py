"""Reviews on GitHub and approvals on GitLab, asked of a forge on localhost that looks at what it is asked."""

import pytest
from approving import ALICE, BOB, DANA, EVE, POLICY, TEAMS, X, topic
from governed import access

from kgov.approval.evidence.http import Api, ForgeError
from kgov.approval.gather import Question
from kgov.cli.approving import approval_question
from kgov.errors import UsageError

TOKEN = "token-that-nobody-may-see"
OLD, LATER = "2026-06-01T10:00:00Z", "2026-06-02T10:00:00Z"


def review(login, commit, state="APPROVED", at=OLD):
    user = {"login": login} if login else None
    return {"user": user, "state": state, "commit_id": commit, "submitted_at": at}


class GitHub:
    """A pull request on a GitHub of our own."""

    repo = "/repos/acme/kafka"

    def __init__(self, company, forge, author="alice"):
        self.company, self.forge = company, forge
        self.environ = {
            "GITHUB_API_URL": forge.address,
            "GITHUB_REPOSITORY": "acme/kafka",
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_TOKEN": TOKEN,
        }
        self.pull = {"number": 7, "user": {"login": author}, "merged_at": None}
        forge.answers[f"{self.repo}/pulls/7"] = self.pull

    def reviews(self, *reviews, number=7):
        self.forge.answers[f"{self.repo}/pulls/{number}/reviews?per_page=100"] = list(reviews)

    def question(self, **options):
        return approval_question({"evidence": ["github"], **options}, self.environ)

    def message(self, **options):
        return self.company.message(question=self.question(**options))


@pytest.fixture
def github(company, forge):
    return GitHub(company, forge)


def test_a_review_of_a_member_counts_for_the_content_of_its_commit(github, company, forge):
    head = company.propose()
    github.reviews(review("Dana-G", head))
    assert github.message() == ""
    assert forge.paths == [f"{github.repo}/pulls/7", f"{github.repo}/pulls/7/reviews?per_page=100"]
    for asked in forge.asked:
        assert asked.headers["authorization"] == f"Bearer {TOKEN}"
        assert asked.headers["accept"] == "application/vnd.github+json"
        assert asked.headers["x-github-api-version"] == "2022-11-28"


def test_a_review_counts_no_more_when_the_content_changes(github, company):
    github.reviews(review("dana-g", company.propose()))
    company.propose(topic(partitions=12))
    assert "is of other content than there is now" in github.message()


def test_a_review_still_counts_when_something_else_changes(github, company):
    github.reviews(review("dana-g", company.propose()))
    company.write(
        "topics/other.yaml", topic("commerce.visits.created.v1").replace("personal: true", "personal: false")
    )
    company.commit()
    assert company.message(question=github.question(base="HEAD~2")) == ""


def test_a_review_before_the_resource_was_there_does_not_count(github, company):
    company.write("docs/readme.md", "hello")
    github.reviews(review("dana-g", company.commit()))
    company.propose()
    assert "which does not have it" in company.message(question=github.question(base="HEAD~2"))


def test_a_review_of_a_commit_that_is_not_here_does_not_count(github, company):
    company.propose()
    github.reviews(review("dana-g", "f" * 40))
    assert "ffffffffffff, which is not in this clone" in github.message()
    github.reviews(review("dana-g", None))
    assert "does not say which commit was seen" in github.message()


@pytest.mark.parametrize("state", ["CHANGES_REQUESTED", "DISMISSED"])
def test_a_review_that_was_taken_back_does_not_count(github, company, state):
    head = company.propose()
    github.reviews(review("dana-g", head), review("dana-g", head, state, LATER))
    assert "nobody has agreed" in github.message()


@pytest.mark.parametrize("state", ["COMMENTED", "PENDING"])
def test_a_comment_neither_approves_nor_takes_back(github, company, state):
    head = company.propose()
    github.reviews(review("dana-g", head, state))
    assert "nobody has agreed" in github.message()
    github.reviews(review("dana-g", head), review("dana-g", head, state, LATER))
    assert github.message() == ""


def test_who_opens_the_pull_request_does_not_count(company, forge):
    github = GitHub(company, forge, author="dana-g")
    github.reviews(review("dana-g", company.propose()))
    assert "nobody has agreed" in github.message()
    company.sign(DANA)
    assert "they wrote the change" in github.message()
    company.sign(EVE)
    assert github.message() == ""


def test_strangers_and_deleted_accounts_do_not_count(github, company):
    head = company.propose()
    github.reviews(review("stranger", head), review(None, head))
    assert "nobody has agreed" in github.message()


def test_a_review_and_a_signature_of_one_person_are_one_person(github, company):
    company.write("policies/personal-data.yaml", POLICY.replace("approvers", "minimum: 2, approvers"))
    company.commit("admin@example.com")
    github.reviews(review("dana-g", company.propose()))
    company.sign(DANA)
    assert "1 of them has agreed" in github.message()


def test_accounts_are_those_of_the_base_revision(github, company):
    company.write("policies/teams.yaml", TEAMS.replace("github:dana-g", "github:bob-g"))
    github.reviews(review("bob-g", company.propose()))
    assert "in the base revision no member has that account" in github.message()


def test_an_account_that_two_members_claim_is_nobodys(github, company):
    company.write(
        "policies/teams.yaml",
        TEAMS.replace(
            f'["{ALICE}", "{BOB}"], ', f'["{ALICE}", "{BOB}"], accounts: {{"github:dana-g": {BOB}}}, '
        ),
    )
    company.commit("admin@example.com")
    github.reviews(review("dana-g", company.propose()))
    assert "by github:dana-g does not count" in github.message()


def test_a_review_agrees_with_what_changes_and_with_nothing_else(github, company):
    company.propose()
    github.reviews(review("dana-g", company.commit(message="something else")))
    assert "a review agrees with what changes, and this does not" in github.message()


def test_a_review_by_the_team_whose_data_are_read_settles_foreign_access(github, company):
    accounts = f'members: ["{ALICE}", "{BOB}"], accounts: {{"github:bob-g": {BOB}}}'
    company.write("policies/teams.yaml", TEAMS.replace(f'members: ["{ALICE}", "{BOB}"]', accounts))
    company.write("topics/customers.yaml", topic().replace("personal: true", "personal: false"))
    company.commit("admin@example.com")
    grant = f"role: consumer, topic: {X.name}, group: billing"
    company.write("acls/billing.yaml", access("billing", "User:billing", grant, owner="data-governance"))
    head = company.commit("carol@example.com")

    def foreign():
        return [f.code for f in company.review(question=github.question()).findings if f.code == "KG314"]

    github.reviews(review("dana-g", head))
    assert foreign() == ["KG314"]
    github.reviews(review("bob-g", head))
    assert foreign() == []


def test_reviews_stand_on_several_pages(github, company, forge):
    head = company.propose()
    first = f"{github.repo}/pulls/7/reviews?per_page=100"
    second = f"{first}&page=2"
    link = {"Link": f'<{forge.address}{second}>; rel="next", <{forge.address}{second}>; rel="last"'}
    forge.answers[first] = (200, link, [review("someone", head)])
    forge.answers[second] = [review("dana-g", head)]
    assert github.message() == ""
    assert forge.paths[1:] == [first, second]


def test_after_the_merge_the_reviews_of_what_was_merged_count(github, company, forge):
    head = company.propose()
    del github.environ["GITHUB_REF"]
    merged = {**github.pull, "merged_at": LATER}
    forge.answers[f"{github.repo}/commits/{head}/pulls?per_page=100"] = [
        merged,
        {**merged, "number": 8, "merged_at": None},
    ]
    github.reviews(review("dana-g", head))
    assert github.message() == ""
    assert f"{github.repo}/pulls/8/reviews?per_page=100" not in forge.paths


def test_the_number_may_be_said(github, company, forge):
    head = company.propose()
    forge.answers[f"{github.repo}/pulls/9"] = {**github.pull, "number": 9}
    github.reviews(review("dana-g", head), number=9)
    assert github.message(pull_request=9) == ""


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((401, {}, {}), "GitHub it answers 401 to GET /repos/acme/kafka/pulls/7"),
        (b"<html>", "its answer is not JSON"),
        ({"number": 7}, "its answer is not what its API promises"),
        ({"number": 7, "user": "alice", "merged_at": None}, "its answer is not what its API promises"),
        (b" " * (8 * 1024 * 1024 + 1), "its answer is too large"),
    ],
)
def test_a_forge_that_answers_badly_agrees_to_nothing(github, company, forge, answer, said):
    company.propose()
    forge.answers[f"{github.repo}/pulls/7"] = answer
    message = github.message()
    assert said in message
    assert TOKEN not in message


def test_a_forge_that_is_not_there_agrees_to_nothing(github, company):
    company.propose()
    github.environ["GITHUB_API_URL"] = "http://127.0.0.1:9"
    assert "GitHub it cannot be asked" in github.message()


def test_the_token_goes_to_no_other_server(github, company, forge):
    head = company.propose()
    elsewhere = f"http://localhost:{forge.address.rpartition(':')[2]}"
    forge.answers[f"{github.repo}/pulls/7"] = (302, {"Location": f"{elsewhere}/pull"}, {})
    forge.answers["/pull"] = github.pull
    assert "it answers 302" in github.message()
    forge.answers[f"{github.repo}/pulls/7"] = github.pull
    path = f"{github.repo}/pulls/7/reviews?per_page=100"
    forge.answers[path] = (200, {"Link": f'<{elsewhere}/more>; rel="next"'}, [review("dana-g", head)])
    assert "it points to another server" in github.message()
    assert not {"/pull", "/more"} & set(forge.paths)


def test_a_redirect_on_the_same_server_is_followed(github, company, forge):
    head = company.propose()
    forge.answers[f"{github.repo}/pulls/7"] = (301, {"Location": f"{forge.address}/repositories/1/pulls/7"}, {})
    forge.answers["/repositories/1/pulls/7"] = github.pull
    github.reviews(review("dana-g", head))
    assert github.message() == ""


def test_a_token_never_travels_unprotected():
    for address in ("http://github.example.com", "ftp://localhost", "file:///etc/passwd", "https//x"):
        with pytest.raises(ForgeError):
            Api(address, {})


@pytest.mark.parametrize("at", ["yesterday", "2026-06-01T10:00:00", None])
def test_a_review_without_a_moment_is_no_answer(github, company, at):
    github.reviews(review("dana-g", company.propose(), at=at))
    assert "its answer is not what its API promises" in github.message()


def test_a_page_with_a_port_that_is_none_is_not_asked_for(forge):
    forge.answers["/all"] = (200, {"Link": '<http://127.0.0.1:x/all>; rel="next"'}, [1])
    with pytest.raises(ForgeError, match="another server"):
        list(Api(forge.address, {}).pages("/all"))


def test_pages_end(forge):
    forge.answers["/all"] = (200, {"Link": f'<{forge.address}/all>; rel="next"'}, [1])
    with pytest.raises(ForgeError, match="more than 50 pages"):
        list(Api(forge.address, {}).pages("/all"))
    forge.answers["/all"] = {}
    with pytest.raises(ForgeError, match="something else than a list"):
        list(Api(forge.address, {}).pages("/all"))


@pytest.mark.parametrize(
    ("forge_name", "environ"),
    [
        ("github", {"GITHUB_REPOSITORY": "a/b"}),
        ("github", {"GITHUB_TOKEN": TOKEN}),
        (
            "github",
            {"GITHUB_REPOSITORY": "a/b", "GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": "http://evil.example.com"},
        ),
        ("gitlab", {"CI_PROJECT_ID": "1"}),
        ("gitlab", {"GITLAB_TOKEN": TOKEN}),
        ("gitlab", {"CI_PROJECT_ID": "1", "GITLAB_TOKEN": TOKEN, "CI_API_V4_URL": "http://evil.example.com"}),
    ],
)
def test_a_forge_is_asked_only_with_all_that_it_takes(forge_name, environ):
    with pytest.raises(UsageError) as raised:
        approval_question({"evidence": [forge_name]}, environ)
    assert TOKEN not in str(raised.value)


def test_no_forge_is_asked_unless_that_was_said(company, forge, github):
    company.propose()
    assert company.message(question=approval_question({}, github.environ)) != ""
    assert forge.asked == []
    assert approval_question({}, {}) != Question(base="x")


class GitLab:
    """A merge request on a GitLab of our own."""

    project = "/projects/acme%2Fkafka"
    request = f"{project}/merge_requests/7"

    def __init__(self, company, forge, author="alice"):
        self.company, self.forge = company, forge
        self.environ = {
            "CI_API_V4_URL": forge.address,
            "CI_PROJECT_PATH": "acme/kafka",
            "CI_MERGE_REQUEST_IID": "7",
            "KGOV_GITLAB_TOKEN": TOKEN,
        }
        forge.answers[self.request] = {"iid": 7, "state": "opened", "author": {"username": author}}
        self.approvals()

    def versions(self, *versions):
        self.forge.answers[f"{self.request}/versions?per_page=100"] = [
            {"head_commit_sha": commit, "created_at": at} for commit, at in versions
        ]

    def approvals(self, *approvals):
        self.forge.answers[f"{self.request}/approvals"] = {
            "approved_by": [
                {"user": {"username": who}, **({"approved_at": at} if at else {})} for who, at in approvals
            ]
        }

    def message(self):
        return self.company.message(question=approval_question({"evidence": ["gitlab"]}, self.environ))


@pytest.fixture
def gitlab(company, forge):
    return GitLab(company, forge)


def test_an_approval_counts_for_the_version_that_was_approved(gitlab, company, forge):
    gitlab.versions((company.propose(), "2026-06-01T09:00:00.000Z"))
    gitlab.approvals(("Dana", "2026-06-01T10:00:00.000+02:00"))
    assert "does not say which commit was seen" in gitlab.message()
    gitlab.approvals(("Dana", "2026-06-01T10:00:00.000Z"))
    assert gitlab.message() == ""
    assert {asked.headers["private-token"] for asked in forge.asked} == {TOKEN}
    assert forge.paths[:3] == [
        gitlab.request,
        f"{gitlab.request}/versions?per_page=100",
        f"{gitlab.request}/approvals",
    ]


def test_an_approval_of_an_earlier_version_is_of_its_content(gitlab, company):
    first = company.propose()
    second = company.propose(topic(partitions=12))
    gitlab.versions((second, LATER), (first, OLD))
    gitlab.approvals(("dana", "2026-06-01T11:00:00Z"))
    assert "is of other content than there is now" in gitlab.message()
    gitlab.approvals(("dana", LATER))
    assert gitlab.message() == ""


def test_an_approval_without_a_moment_counts_where_there_is_one_version(gitlab, company):
    first = company.propose()
    gitlab.versions((first, OLD))
    gitlab.approvals(("dana", None))
    assert gitlab.message() == ""
    gitlab.versions((first, OLD), (company.propose(topic(partitions=12)), LATER))
    assert "does not say which commit was seen" in gitlab.message()
    gitlab.versions()
    assert "nobody has agreed" in gitlab.message()


def test_who_opens_the_merge_request_does_not_count(company, forge):
    gitlab = GitLab(company, forge, author="dana")
    gitlab.versions((company.propose(), OLD))
    gitlab.approvals(("dana", LATER))
    assert "nobody has agreed" in gitlab.message()


def test_after_the_merge_the_approvals_of_what_was_merged_count(gitlab, company, forge):
    head = company.propose()
    del gitlab.environ["CI_MERGE_REQUEST_IID"]
    merged = {**forge.answers[gitlab.request], "state": "merged"}
    path = f"{gitlab.project}/repository/commits/{head}/merge_requests?per_page=100"
    forge.answers[path] = [{**merged, "iid": 8, "state": "opened"}, merged]
    gitlab.versions((head, OLD))
    gitlab.approvals(("dana", LATER))
    assert gitlab.message() == ""
