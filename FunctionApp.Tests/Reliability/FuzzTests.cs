using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using PointWebhooks.Ledger;
using PointWebhooks.Tests.Reliability.Support;

namespace PointWebhooks.Tests.Reliability;

/// <summary>Requests of every odd kind: none gets a 5xx, none that is forged gets in, none leaves anything behind.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class FuzzTests
{
    private const int Senders = 8;
    // What a full collection leaves may differ by so much without anything growing: pools, and code that ran late for the first time.
    private const double HeapTolerance = 1.2;
    private const long HeapAllowance = 8 << 20;
    // What a collector takes before it collects depends on the machine.
    private const long WorkingSetAllowance = 256 << 20;

    [Test]
    public Task Odd_requests_do_no_harm() => FuzzAsync(1500);

    [Test]
    [Explicit("Takes minutes.")]
    [Category("Soak")]
    public Task Very_many_odd_requests_do_no_harm() => FuzzAsync(100_000);

    [Test]
    public async Task A_body_that_trickles_in_is_given_up_on()
    {
        await using var scenario = await Scenario.StartAsync();
        using var connection = new TcpClient();
        await connection.ConnectAsync(scenario.App.Url.Host, scenario.App.Url.Port);
        await using var stream = connection.GetStream();
        var request = new FuzzedRequest("slow", $"POST /api/webhooks/point HTTP/1.1\r\nSignature: {Convert.ToBase64String(new byte[32])}", "Content-Length: 1000", [], []);
        await stream.WriteAsync(request.ToBytes());
        var answer = new byte[12];
        var reading = stream.ReadAtLeastAsync(answer, answer.Length).AsTask();
        while (!reading.IsCompleted)
        {
            await stream.WriteAsync("x"u8.ToArray());
            // As slow as the sender is.
            await Task.WhenAny(reading, Task.Delay(100));
        }

        Assert.That(await reading, Is.EqualTo(answer.Length));
        Assert.That(Encoding.ASCII.GetString(answer), Is.EqualTo("HTTP/1.1 400").Or.EqualTo("HTTP/1.1 408"));
    }

    private static async Task FuzzAsync(int requests)
    {
        var fuzzer = new RequestFuzzer(Seed.NewRandom(), Scenario.SignatureKey);
        await using var scenario = await Scenario.StartAsync();
        var run = Stopwatch.StartNew();
        var tally = new Tally();

        await SendAsync(scenario, fuzzer, requests / 10, tally);
        var (firstHeap, firstWorkingSet) = await MemoryAsync(scenario);
        await SendAsync(scenario, fuzzer, requests - (requests / 10), tally);
        var (lastHeap, lastWorkingSet) = await MemoryAsync(scenario);

        var completed = await scenario.Events.InAsync(EventState.Completed);
        var dead = await scenario.Events.InAsync(EventState.Dead);
        TestContext.Out.WriteLine(
            $"{requests} requests in {run.Elapsed.TotalSeconds:0} s: {tally.Describe()}; "
            + $"{tally.Repeated} sent again as storage was too slow; "
            + $"{completed.Count} completed, {dead.Count} dead; heap {firstHeap >> 10} → {lastHeap >> 10} KiB, "
            + $"working set {firstWorkingSet >> 20} → {lastWorkingSet >> 20} MiB.");
        Assert.Multiple(() =>
        {
            var accepted = tally.Statuses.GetValueOrDefault(202);
            // What storage kept too late to say so is a duplicate when it is sent again.
            Assert.That(
                completed.Count + dead.Count,
                Is.InRange(accepted, accepted + tally.Repeated),
                "what was accepted is stored, and nothing else");
            Assert.That(lastHeap, Is.LessThan((firstHeap * HeapTolerance) + HeapAllowance), "the heap has not grown");
            Assert.That(lastWorkingSet, Is.LessThan(firstWorkingSet + WorkingSetAllowance), "nothing beside the heap has grown");
        });
    }

    private static async Task SendAsync(Scenario scenario, RequestFuzzer fuzzer, int count, Tally tally)
    {
        // Made by one, so that the seed decides them all, and sent by many.
        var left = count;
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async _ =>
        {
            using var connection = new RawConnection(scenario.App.Url);
            while (Next() is { } request)
            {
                var (status, answer) = await connection.SendAsync(request.ToBytes(), request.EndsEarly);
                while (request.Allowed.Contains(202) && status == 503
                    && answer.Contains("\"storage-unavailable\"", StringComparison.Ordinal))
                {
                    // The emulator took too long, as on a busy machine: the answer is right, and the sender tries again.
                    Interlocked.Increment(ref tally.Repeated);
                    (status, answer) = await connection.SendAsync(request.ToBytes(), request.EndsEarly);
                }

                tally.Statuses.AddOrUpdate(status, 1, (_, seen) => seen + 1);
                Assert.That(request.Allowed, Does.Contain(status), $"{request.Oddity}: {Encoding.Latin1.GetString(request.ToBytes())}");
            }
        }));

        FuzzedRequest? Next()
        {
            lock (fuzzer)
                return left-- > 0 ? fuzzer.Next() : null;
        }
    }

    private static async Task<(long Heap, long WorkingSet)> MemoryAsync(Scenario scenario)
    {
        await scenario.Events.NoneOpenAsync();
        using var http = new HttpClient { BaseAddress = scenario.App.Url };
        var heap = long.Parse(await http.GetStringAsync(ChildHost.HeapPath), CultureInfo.InvariantCulture);
        return (heap, scenario.App.WorkingSet);
    }

    private sealed class Tally
    {
        public int Repeated;

        public ConcurrentDictionary<int, int> Statuses { get; } = [];

        public string Describe() => string.Join(", ", Statuses.OrderBy(one => one.Key).Select(one => $"{one.Value} × {one.Key}"));
    }
}
