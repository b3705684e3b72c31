using PointWebhooks.Simulator;

namespace PointWebhooks.Tests.LocalHost;

/// <summary>local.settings.json, as the Functions host reads it.</summary>
internal sealed class LocalSettingsTests
{
    private readonly string path = Path.Combine(Directory.CreateTempSubdirectory("settings-").FullName, "local.settings.json");

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);

    [Test]
    public void Values_are_settings_with_colons_for_double_underscores()
    {
        var values = Read("""
            {
              // A comment, and commas too many.
              "IsEncrypted": false,
              "Values": { "Point__BaseUrl": "http://127.0.0.1:9", "Retry:Schedule:0": "00:00:10", "Number": 5, },
            }
            """);

        Assert.That(values, Is.EqualTo(new Dictionary<string, string?>
        {
            ["Point:BaseUrl"] = "http://127.0.0.1:9",
            ["Retry:Schedule:0"] = "00:00:10",
            ["Number"] = "5",
        }));
    }

    [Test]
    public void A_file_without_values_and_no_file_are_no_settings()
    {
        Assert.That(Read("""{"IsEncrypted":false}"""), Is.Empty);
        Assert.That(LocalSettings.Read(path + ".missing"), Is.Empty);
    }

    [TestCase("{}", "IsEncrypted", Description = "absent is true")]
    [TestCase("""{"IsEncrypted":true}""", "IsEncrypted")]
    [TestCase("""{"IsEncrypted":"no"}""", "IsEncrypted")]
    [TestCase("""{"IsEncrypted":[]}""", "IsEncrypted")]
    [TestCase("""{"IsEncrypted":null}""", "IsEncrypted")]
    [TestCase("[]", "is not a JSON object")]
    [TestCase("null", "is not a JSON object")]
    [TestCase("{\n \"IsEncrypted\": falsch }", "line 2")]
    [TestCase("""{"IsEncrypted":false,"Values":[]}""", "Values")]
    [TestCase("""{"IsEncrypted":false,"Values":{"Retry__Schedule":["00:00:10"]}}""", "Retry__Schedule__0")]
    public void What_is_wrong_is_said_with_the_name_of_the_file(string text, string named) => Assert.That(
        () => Read(text), Throws.InvalidOperationException.With.Message.Contains(path).And.Message.Contains(named));

    [Test]
    public void A_secret_in_a_broken_file_is_not_repeated() => Assert.That(
        () => Read("""{"IsEncrypted":false,"Values":{"Point__SignatureKey": f81d4fae-7dec}}"""),
        Throws.InvalidOperationException.With.Message.Not.Contains("f81d4fae"));

    private IEnumerable<KeyValuePair<string, string?>> Read(string text)
    {
        File.WriteAllText(path, text);
        return [.. LocalSettings.Read(path)];
    }
}
