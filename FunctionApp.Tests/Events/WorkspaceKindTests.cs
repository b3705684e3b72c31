using PointWebhooks.Events;

namespace PointWebhooks.Tests.Events;

/// <summary>Kinds of workspaces, in whatever case they come.</summary>
internal sealed class WorkspaceKindTests
{
    [TestCase("TEAMS", "MicrosoftTeams")]
    [TestCase("microsoftTEAMS", "MicrosoftTeams")]
    [TestCase("sharepointsitecollection", "SharePointSiteCollection")]
    [TestCase("YAMMERCOMMUNITY", "YammerCommunity")]
    [TestCase("m365GROUP", "M365Group")]
    public void One_that_is_documented_is_known_and_has_the_vendors_spelling(string text, string value)
    {
        var kind = WorkspaceKind.Parse(text);

        Assert.That((kind.Value, kind.IsKnown), Is.EqualTo((value, true)));
    }

    [Test]
    public void Another_is_unknown_and_stays_as_it_came() =>
        Assert.That((WorkspaceKind.Parse("Planner").Value, WorkspaceKind.Parse("Planner").IsKnown), Is.EqualTo(("Planner", false)));

    [Test]
    public void Two_that_differ_in_nothing_but_their_case_are_one()
    {
        var (one, other) = (new WorkspaceKind("planner"), new WorkspaceKind("PLANNER"));

        Assert.That(one, Is.EqualTo(other));
        Assert.That(one.GetHashCode(), Is.EqualTo(other.GetHashCode()));
        Assert.That(one, Is.Not.EqualTo(new WorkspaceKind("plan")));
    }
}
