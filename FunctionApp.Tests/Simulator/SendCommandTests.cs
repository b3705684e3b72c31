using PointWebhooks.Simulator;
using PointWebhooks.Tests.Handlers.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Simulator;

/// <summary>The exit codes of <c>send</c>, by which a script tells whether a deployed receiver works, and what it sends.</summary>
internal sealed class SendCommandTests
{
    private TestApp app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => app = await TestApp.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await app.DisposeAsync();

    [TestCase("", SendCommand.AsExpected)]
    [TestCase("--chunked", SendCommand.AsExpected)]
    [TestCase("--duplicate", SendCommand.AsExpected)]
    [TestCase("--count 3", SendCommand.AsExpected)]
    [TestCase("--forge", SendCommand.AsExpected)]
    [TestCase("--forge --duplicate", SendCommand.AsExpected)]
    [TestCase("--size 262144", SendCommand.AsExpected)]
    [TestCase("--size 262145", SendCommand.NotAsExpected)]
    public async Task A_working_receiver_answers_as_expected(string more, int exitCode) =>
        Assert.That(await SendAsync($"--to {app.Receiver} --key {app.Point.SignatureKey} {more}"), Is.EqualTo(exitCode));

    [Test]
    public async Task A_wrong_key_or_address_is_not_as_expected()
    {
        Assert.That(await SendAsync($"--to {app.Receiver} --key another"), Is.EqualTo(SendCommand.NotAsExpected));
        Assert.That(await SendAsync($"--to {app.Receiver}/else --key {app.Point.SignatureKey}"), Is.EqualTo(SendCommand.NotAsExpected));
    }

    [Test]
    public async Task A_forgery_needs_no_key_and_is_as_expected_only_when_it_is_refused()
    {
        Assert.That(await SendAsync($"--to {app.Receiver} --forge"), Is.EqualTo(SendCommand.AsExpected));
        Assert.That(await SendAsync($"--to {app.Receiver}/else --forge"), Is.EqualTo(SendCommand.NotAsExpected));
    }

    [Test]
    public async Task A_duplicate_that_is_accepted_again_is_not_as_expected()
    {
        await using var forgetful = await Receiver.StartAsync();

        Assert.That(await SendAsync($"--to {forgetful.Url} --key k --duplicate"), Is.EqualTo(SendCommand.NotAsExpected));
        Assert.That(forgetful.Requests.Select(request => request.Text).Distinct().Count(), Is.EqualTo(1));
        Assert.That(forgetful.Requests, Has.Count.EqualTo(2));
    }

    [TestCase("--chunked", "chunked")]
    [TestCase("", null)]
    public async Task As_many_events_as_asked_for_are_sent_in_chunks_where_that_is_asked_for(string more, string? encoding)
    {
        await using var receiver = await Receiver.StartAsync();

        Assert.That(await SendAsync($"--to {receiver.Url} --key k --count 3 {more}"), Is.EqualTo(SendCommand.AsExpected));

        Assert.That(
            receiver.Requests.Select(request => request.Headers.GetValueOrDefault("Transfer-Encoding")),
            Is.EqualTo(new[] { encoding, encoding, encoding }));
        Assert.That(receiver.Requests.Select(request => request.Text), Is.Unique);
    }

    private static Task<int> SendAsync(string options) =>
        SimulatorCommands.Root().Parse($"send ProvisioningCompleted {options}").InvokeAsync();
}
