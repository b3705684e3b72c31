namespace PointWebhooks.LocalHost;

/// <summary>What a session is asked for.</summary>
/// <param name="Port">The port of the functions; the simulator takes the next one.</param>
/// <param name="HasSimulator">Whether Syskit Point is simulated.</param>
/// <param name="IsSmoke">Whether to end after the demonstration, with its outcome.</param>
/// <param name="Demonstrates">Whether to demonstrate also on a storage account that is no emulator, and with handlers of the settings.</param>
/// <param name="HasHandlers">Whether handlers work with simulated systems.</param>
/// <param name="DataFolder">Where the storage emulator keeps its data, or null to keep it in memory.</param>
internal sealed record SessionOptions(int Port, bool HasSimulator, bool IsSmoke, bool Demonstrates, bool HasHandlers, string? DataFolder)
{
    /// <summary>
    /// Whether the endpoint is registered. Not with a simulator on an account that others use: the account holds what the last registration
    /// has come to.
    /// </summary>
    /// <param name="isRealAccount">Whether the storage is no emulator.</param>
    public bool Registers(bool isRealAccount) => Demonstrates || !isRealAccount || !HasSimulator;
}
