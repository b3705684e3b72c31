using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PointWebhooks.Settings;
using static PointWebhooks.Tests.Settings.SettingsUnderTest;

namespace PointWebhooks.Tests.Settings;

internal sealed class OperationsOptionsTests
{
    private const string Resource =
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-point/providers/microsoft.insights/components/appi-point";

    [TestCase(Resource, Resource)]
    [TestCase(" \"/Subscriptions/11111111-2222-3333-4444-555555555555/resourcegroups/rg/providers/Microsoft.Insights/components/a\"\n",
        "/Subscriptions/11111111-2222-3333-4444-555555555555/resourcegroups/rg/providers/Microsoft.Insights/components/a")]
    [TestCase("", null)]
    [TestCase(null, null)]
    public void A_resource_is_taken_as_it_is_meant(string? value, string? id) => Assert.That(
        Options(("Operations:ApplicationInsightsId", value)).ApplicationInsightsId, Is.EqualTo(id));

    [TestCase("appi-point")]
    [TestCase("InstrumentationKey=11111111-2222-3333-4444-555555555555")]
    [TestCase("https://portal.azure.com/#@contoso/resource" + Resource)]
    [TestCase(Resource + "/overview")]
    public void Another_text_is_refused_with_what_to_put_there(string value) => Assert.That(
        FailuresOf(("Operations:ApplicationInsightsId", value)),
        Is.EqualTo(
        [
            "Operations:ApplicationInsightsId is not the id of an Application Insights resource. Set it to the Resource ID of its properties in "
            + "the portal, /subscriptions/…/resourceGroups/…/providers/microsoft.insights/components/…, or remove it.",
        ]));

    [TestCase(null, false)]
    [TestCase("true", true)]
    [TestCase("False", false)]
    public void Nobody_signs_in_unasked(string? value, bool signsIn) =>
        Assert.That(Options(("Operations:SignIn", value)).SignIn, Is.EqualTo(signsIn));

    [Test]
    public void Whether_operators_sign_in_is_true_or_false() => Assert.That(
        FailuresOf(("Operations:SignIn", "aad")),
        Is.EqualTo(["Operations:SignIn is 'aad'. Set it to true or false; false is the default."]));

    [Test]
    public void A_mistyped_name_is_a_warning() => Assert.That(
        WarningsOf(("Operations:ApplicationInsights", Resource)),
        Is.EqualTo(["Operations:ApplicationInsights is no setting of this app, and does nothing. Correct its name, or remove it."]));

    private static OperationsOptions Options(params (string Setting, string? Value)[] settings)
    {
        using var services = Services(settings);
        return services.GetRequiredService<IOptions<OperationsOptions>>().Value;
    }
}
