using PointWebhooks.LocalHost;

namespace PointWebhooks.Tests.LocalHost;

/// <summary>What a session does of itself.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class SessionOptionsTests
{
    [TestCase(true, true, false, false, TestName = "A simulated registration is not written into an account that others use")]
    [TestCase(true, true, true, true, TestName = "Unless it was asked for")]
    [TestCase(true, false, false, true, TestName = "A real one is")]
    [TestCase(false, true, false, true, TestName = "On an emulator all is registered")]
    public void It_registers_the_endpoint_where_nobody_else_is_misled(
        bool isRealAccount, bool hasSimulator, bool demonstrates, bool registers)
    {
        var options = new SessionOptions(7071, hasSimulator, IsSmoke: false, demonstrates, HasHandlers: false, DataFolder: null);

        Assert.That(options.Registers(isRealAccount), Is.EqualTo(registers));
    }
}
