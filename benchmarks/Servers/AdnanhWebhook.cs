using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PointWebhooks.Benchmarks.Load;
using PointWebhooks.Tests;

namespace PointWebhooks.Benchmarks.Servers;

/// <summary>github.com/adnanh/webhook, Debian's package <c>webhook</c>, with a rule that compares an HMAC of SHA-256.</summary>
internal static class AdnanhWebhook
{
    /// <summary>The status that it answers a wrong signature with.</summary>
    public const int Refused = 500;

    private const string Program = "/usr/bin/webhook";

    /// <summary>Whether it is installed.</summary>
    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Starts it.</summary>
    public static async Task<MeasuredServer> StartAsync()
    {
        var hooks = Path.Combine(Directory.CreateTempSubdirectory("hooks-").FullName, "hooks.json");
        await File.WriteAllTextAsync(hooks, $$"""
            [{ "id": "point", "execute-command": "/bin/true", "trigger-rule-mismatch-http-response-code": 401,
               "trigger-rule": { "match": { "type": "payload-hmac-sha256", "secret": "{{RawRequest.Key}}",
                 "parameter": { "source": "header", "name": "X-Hub-Signature-256" } } } }]
            """);
        var port = StorageEmulator.FreePorts(1)[0];
        var process = Process.Start(new ProcessStartInfo(Program, ["-hooks", hooks, "-ip", "127.0.0.1", "-port", $"{port}", "-urlprefix", "api"])
        {
            RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        await ListeningAsync(process, port);
        return MeasuredServer.Of(process, new Uri($"http://127.0.0.1:{port}/api/point"));
    }

    private static async Task ListeningAsync(Process process, int port)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(10); ;)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (!process.HasExited && DateTime.UtcNow < deadline)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
        }
    }
}
