using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>The Syskit Point of a history: away at times, and with a key that changes.</summary>
internal sealed class Vendor
{
    /// <summary>The url under which the app is registered.</summary>
    public const string EndpointUrl = "http://127.0.0.1:9/api/webhooks/point";

    private const string EarlierUrl = EndpointUrl + "?code=before";
    private const string OthersUrl = "https://elsewhere.example/api/webhooks/point";

    private static readonly TimeSpan LongestOutage = TimeSpan.FromMinutes(4);

    private readonly World world;

    public Vendor(World world)
    {
        this.world = world;
        Service = new SimulatedVendor { Faults = Fault };
        Service.Point.SecondPost = world.Plan.SecondPost;
        Service.Point.Register(OthersUrl, "*");
        if (world.Plan.Happens(0.3))
            Service.Point.Register(EarlierUrl, "*");
        if (world.Plan.Happens(0.3))
            Service.Point.Register(EndpointUrl, "ProvisioningStarted");
    }

    public SimulatedVendor Service { get; }

    /// <summary>Whether the app is registered as it should be, and nothing of anybody else has changed.</summary>
    public bool IsRegistered =>
        Service.Point.Registered.ToLookup(one => one.Key, one => one.Value) is var registered
        && registered[EndpointUrl].Any()
        && registered[EndpointUrl].All(types => types is ["*"])
        && !registered.Contains(EarlierUrl)
        && registered[OthersUrl].Count() == 1;

    /// <summary>Plans what becomes of it in a time of trouble.</summary>
    public void Trouble(TimeSpan time)
    {
        for (var i = 0; i < world.Plan.VendorOutages; i++)
        {
            var begins = world.Plan.Pick(TimeSpan.Zero, world.Plan.UpTo(time));
            world.Timeline.After(begins, owner: null, () => Service.IsDown = true);
            world.Timeline.After(begins + world.Plan.UpTo(LongestOutage), owner: null, () => Service.IsDown = false);
        }

        if (!world.Plan.FetchesKey)
            return;
        for (var i = 0; i < world.Plan.KeyChanges; i++)
            world.Timeline.After(world.Plan.UpTo(time), owner: null, ChangeKey);
    }

    private void ChangeKey()
    {
        Service.Key = $"{world.Plan.Random.NextInt64():x16}";
        world.Note("vendor", "changes its key");
    }

    private VendorFault Fault() => world.Timeline.Now < world.Trouble.Until && world.Plan.Happens(world.Plan.VendorFaultRate)
        ? world.Plan.Pick(VendorFault.Refused, VendorFault.AnswerLost, VendorFault.Hangs)
        : VendorFault.None;
}
