using PointWebhooks.Handlers.Jira;
using PointWebhooks.Settings;
using PointWebhooks.Tests.Handlers.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Handlers.Jira;

/// <summary>Half a configuration does not start, and says what is missing.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class JiraSettingsTests
{
    private static readonly Dictionary<string, string?> Complete = new()
    {
        ["Url"] = "https://contoso.atlassian.net",
        ["User"] = "point@contoso.com",
        ["Token"] = "token",
        ["Create:Project"] = "ITSM",
        ["Create:IssueType"] = "Task",
    };

    [Test]
    public void What_is_complete_starts() => Assert.That(() => Start(new(Complete)), Throws.Nothing);

    [TestCase("0")]
    [TestCase("3600")]
    public void A_search_may_be_behind_for_an_hour_or_not_at_all(string seconds) =>
        Assert.That(() => Start(new(Complete) { ["SearchLagSeconds"] = seconds }), Throws.Nothing);

    [TestCase("Url", null, "is missing. Set it to the address of the site")]
    [TestCase("Url", "http://contoso.atlassian.net", "is not an absolute https url.")]
    [TestCase("User", null, "is missing. Set it to the mail address of the account that the token is of.")]
    [TestCase("Token", null, "is missing. Set it to an API token of the account")]
    [TestCase("CloudId", "contoso", "is not a GUID.")]
    [TestCase("ClientId", "abc", "is set, and so is ClientId.", "Token")]
    [TestCase("ClientId", "abc", "is set, and so is ClientId.", "User")]
    [TestCase("ClientId", "abc", "is missing. A service account works at the gateway alone", "CloudId")]
    [TestCase("ClientSecret", "abc", "is missing. A service account needs both", "ClientId")]
    [TestCase("ApiVersion", "4", "is '4'. Set it to 3 or 2; 3 is the default.")]
    [TestCase("Edition", "Server", "is 'Server'. Set it to Cloud or DataCenter; Cloud is the default.")]
    [TestCase("Projects", "IT Service", "has 'IT Service', which is no key of a project, such as ITSM.")]
    [TestCase("Jql", "labels = {% if name %}x{% endif %}", "has {% … %} in it.")]
    [TestCase("Jql", "labels = {{ name ", "is not a Liquid template:")]
    [TestCase("Create:Project", null, "is missing. Set it to the key of the project to open tickets in")]
    [TestCase("Create:Project", "IT Service", "is 'IT Service'. Set it to the key of a project, such as ITSM, not to its name.")]
    [TestCase("Create:IssueType", null, "is missing. Set it to the name of an issue type of the project")]
    [TestCase("Create:Summary", "", "is empty, and Jira takes no issue without a summary.")]
    [TestCase("Create:Fields:priority", """{"name":}""", "looks like JSON and is none")]
    [TestCase("Create:Fields:labels", """["syskit"]""", "has a setting of its own, without which a repetition would not find the ticket. Set Create:Labels instead.")]
    [TestCase("Create:Fields:project", """{"key":"OPS"}""", "has a setting of its own, without which a repetition would not find the ticket. Set Create:Project instead.")]
    [TestCase("Create:Fields:Summary", "x", "has a setting of its own", "Create:Fields:summary")]
    [TestCase("Update:TransitionFields:labels", """["done"]""", "would take all other labels off the ticket")]
    [TestCase("Update:Fields:labels", """["syskit"]""", "would take all other labels off the ticket")]
    [TestCase("Create:EventTypes", "ProvisioningArchived", "has ProvisioningArchived, of which EventTypes lets none in: nothing would ever be opened.")]
    [TestCase("EventTypes", "ProvisioningCompleted", "has ProvisioningFailed, of which EventTypes lets none in", "Create:EventTypes")]
    [TestCase("Update:Colour", "red", "is no setting of a handler of kind Jira")]
    [TestCase("SearchLagSeconds", "soon", "is 'soon'. Set it to how many seconds a search may be behind")]
    [TestCase("SearchLagSeconds", "-1", "is '-1'. Set it to how many seconds a search may be behind, a number from 0 to 3600;")]
    [TestCase("SearchLagSeconds", "3601", "is '3601'. Set it to how many seconds a search may be behind, a number from 0 to 3600;")]
    public void What_is_wrong_is_named(string setting, string? value, string problem, string? named = null)
    {
        var failure = Assert.Throws<SettingsException>(() => Start(new(Complete) { [setting] = value }))!;

        Assert.That(failure.Failures, Has.One.StartsWith($"Handlers:Jira:test:{named ?? setting} {problem}"), failure.Message);
    }

    [Test]
    public void A_service_account_signs_in_at_Atlassian_and_works_at_the_gateway_of_its_site()
    {
        const string CloudId = "11111111-aaaa-bbbb-cccc-222222222222";

        var connection = Connection(
            ("Url", "https://tickets.contoso.example"), ("CloudId", CloudId), ("ClientId", "point"), ("ClientSecret", "s3cret"));

        Assert.That(connection.Site, Is.EqualTo(new Uri("https://tickets.contoso.example")));
        Assert.That(connection.Api, Is.EqualTo(new Uri($"https://api.atlassian.com/ex/jira/{CloudId}")));
        Assert.That(
            connection.ServiceAccount,
            Is.EqualTo(new JiraServiceAccount(new Uri("https://auth.atlassian.com/oauth/token"), "point", "s3cret")));
        Assert.That((connection.IsCloud, connection.ApiVersion, connection.Authorization), Is.EqualTo((true, 3, (string?)null)));
    }

    [TestCase("https://contoso.atlassian.net", null, null, "https://contoso.atlassian.net/", true)]
    [TestCase("https://jira.contoso.example", null, null, "https://jira.contoso.example/", false)]
    [TestCase(
        "https://contoso.atlassian.net", "{11111111-AAAA-BBBB-CCCC-222222222222}", null,
        "https://api.atlassian.com/ex/jira/11111111-aaaa-bbbb-cccc-222222222222", true)]
    [TestCase("https://contoso.atlassian.net", null, "https://proxy.contoso.example/jira", "https://proxy.contoso.example/jira", true)]
    public void The_api_is_at_the_site_unless_the_settings_say_otherwise(
        string site, string? cloudId, string? api, string expected, bool isCloud)
    {
        var connection = Connection(("Url", site), ("CloudId", cloudId), ("ApiUrl", api), ("User", "point"), ("Token", "token"));

        Assert.That((connection.Api, connection.IsCloud), Is.EqualTo((new Uri(expected), isCloud)));
    }

    [Test]
    public void The_api_has_one_address()
    {
        var failure = Assert.Throws<SettingsException>(() => Start(new(Complete)
        {
            ["CloudId"] = "11111111-aaaa-bbbb-cccc-222222222222",
            ["ApiUrl"] = "https://proxy.contoso.example/jira",
        }))!;

        Assert.That(failure.Failures, Is.EqualTo(["Handlers:Jira:test:ApiUrl is set, and so is CloudId, which would be ignored. Remove one."]));
    }

    [TestCase("point", "Basic cG9pbnQ6dG9rZW4=")]
    [TestCase(null, "Bearer token")]
    public void On_Data_Center_a_token_is_the_password_of_a_user_or_stands_alone(string? user, string authorization)
    {
        var connection = Connection(("Url", "https://jira.contoso.example"), ("User", user), ("Token", "token"));

        Assert.That((connection.IsCloud, connection.Authorization), Is.EqualTo((false, authorization)));
    }

    private static JiraConnection Connection(params (string Setting, string? Value)[] settings) =>
        JiraConnectionReader.Read(HandlerUnderTest.Section("Jira", settings));

    private static void Start(Dictionary<string, string?> settings) => new HandlerRuns("Jira", new MovableTime(), settings)
        .DisposeAsync().AsTask().GetAwaiter().GetResult();
}
