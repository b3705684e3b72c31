using System.Text;
using PointWebhooks.LocalHost.Hosting;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>Syskit Point, and whoever repeats what it has sent.</summary>
internal sealed class Sender(World world, SimulatedHost host)
{
    private const int MaxTries = 6;
    private const string Forged = "forged-";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string[] Types = ["ProvisioningStarted", "ProvisioningCompleted", "ProvisioningFailed", "WorkspaceArchived"];
    private static readonly FunctionDescriptor Receiver =
        FunctionDescriptor.All.Single(function => function.Trigger is HttpTrigger { Route: "webhooks/point" });

    private readonly HashSet<(EventName Event, string Key)> acknowledged = [];

    /// <summary>The events it was told are kept, with the key that each was signed with.</summary>
    public IReadOnlyCollection<(EventName Event, string Key)> Acknowledged => acknowledged;

    /// <summary>The events that were signed with no key of Syskit Point.</summary>
    public static bool IsForged(EventName name) => name.Key.StartsWith(Forged, StringComparison.Ordinal);

    /// <summary>The sendings that an instance in service did not answer in time.</summary>
    public List<string> Unanswered { get; } = [];

    /// <summary>How many sendings are not settled yet.</summary>
    public int Open { get; private set; }

    /// <summary>Sends new events over a time, some of one key and two types, some twice at once or later.</summary>
    public void SendOver(TimeSpan time)
    {
        for (var i = 0; i < world.Plan.Events; i++)
        {
            var name = new EventName(world.Plan.Pick<string>(Types), $"key-{i}");
            SendAfter(world.Plan.UpTo(time), name);
            if (world.Plan.Happens(0.2))
                SendAfter(world.Plan.UpTo(time), name);
            if (world.Plan.Happens(0.2))
                SendAfter(world.Plan.UpTo(time), name with { Type = world.Plan.Pick<string>(Types) });
        }

        for (var i = 0; i < world.Plan.Forgeries; i++)
            SendAfter(world.Plan.UpTo(time), new EventName(world.Plan.Pick<string>(Types), $"{Forged}{i}"));
    }

    /// <summary>Sends everything again that was acknowledged, as somebody may who has recorded it.</summary>
    public void RepeatOver(TimeSpan time)
    {
        foreach (var name in acknowledged.Select(one => one.Event).Distinct().Order())
            SendAfter(world.Plan.UpTo(time), name);
    }

    // The same each time: what is sent again is no other event.
    private static byte[] Body(EventName name) => Encoding.UTF8.GetBytes(
        $$$"""
        {"type":"{{{name.Type}}}","content":{"name":"Project Phoenix","type":"MicrosoftTeams"},
         "meta":{"timeStamp":"2026-05-01T12:00:00","idempotencyKey":"{{{name.Key}}}"}}
        """);

    private void SendAfter(TimeSpan delay, EventName name, int tried = 0)
    {
        Open++;
        world.Timeline.After(delay, owner: null, () => Send(name, tried));
    }

    private void Send(EventName name, int tried)
    {
        var isSettled = false;
        var key = IsForged(name) ? Forged : world.Vendor.Service.Key;
        var receiver = host.AnyServing();
        if (receiver is { } instance)
        {
            instance.Process.Start(async () =>
            {
                var status = await instance.ReceiveAsync(Receiver, Body(name), key);
                world.Timeline.After(TimeSpan.FromMilliseconds(5), owner: null, () => Settle(status));
            });
        }

        world.Timeline.After(Patience, owner: null, () =>
        {
            if (!isSettled && receiver is { IsServing: true })
                Unanswered.Add($"unanswered: {name} within {Patience.TotalSeconds} s");
            Settle(null);
        });

        void Settle(int? status)
        {
            if (isSettled)
                return;
            isSettled = true;
            Open--;
            world.Note("sender", $"{name.Type} {name.Key} {status}");
            if (status is 200 or 202 && !IsForged(name))
                acknowledged.Add((name, key));
            if (status is not (200 or 202) && tried < MaxTries && world.Plan.Happens(0.9))
                SendAfter(world.Plan.UpTo(TimeSpan.FromMinutes(1)), name, tried + 1);
        }
    }
}
