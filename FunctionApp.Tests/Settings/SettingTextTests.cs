using PointWebhooks.Settings;

namespace PointWebhooks.Tests.Settings;

public sealed class SettingTextTests
{
    [TestCase("value")]
    [TestCase(" value\t")]
    [TestCase("value\r\n")]
    [TestCase("\ufeffvalue")]
    [TestCase("\u200bvalue\u00a0\0")]
    [TestCase("\"value\"")]
    [TestCase("'value'\n")]
    [TestCase("\" 'value' \"")]
    public void What_stands_around_a_value_is_taken_off(string value) =>
        Assert.That(SettingText.Clean(value), Is.EqualTo("value"));

    [TestCase("\"value")]
    [TestCase("value'")]
    [TestCase("\"value'")]
    [TestCase("\"a\" and \"b\"")]
    [TestCase("a b")]
    [TestCase("\"")]
    public void What_may_belong_to_a_value_stays(string value) =>
        Assert.That(SettingText.Clean(value), Is.EqualTo(value));

    [TestCase("")]
    [TestCase(" \r\n")]
    [TestCase("\"\"")]
    [TestCase("' '")]
    public void A_value_of_nothing_is_empty(string value) => Assert.That(SettingText.Clean(value), Is.Empty);

    [TestCase("a,b")]
    [TestCase("a; b;")]
    [TestCase("a\nb\n")]
    [TestCase("a\r\nb\r\n")]
    [TestCase("[\"a\",\"b\"]")]
    [TestCase("[ 'a', 'b' ]\n")]
    [TestCase("[a,b]")]
    [TestCase("\"a\",\"b\"")]
    [TestCase("'[a, b]'")]
    public void A_list_is_taken_as_it_is_meant(string value) => Assert.That(SettingText.Entries(value), Is.EqualTo(["a", "b"]));

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("[\"\"]")]
    [TestCase(",")]
    public void A_list_of_nothing_is_empty(string value) => Assert.That(SettingText.Entries(value), Is.Empty);
}
