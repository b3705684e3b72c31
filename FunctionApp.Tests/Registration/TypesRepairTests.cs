using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.PointApi;
using PointWebhooks.Registration;
using PointWebhooks.Simulator;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Registration;

/// <summary>How hard an endpoint is tried to be registered that was removed to be given other types, in virtual time.</summary>
internal sealed class TypesRepairTests
{
    private const string Url = "https://contoso-webhooks.azurewebsites.net/api/webhooks/point";

    // GET, POST that is ignored, GET, DELETE: then the POST that counts.
    private const int Before = 4;

    private SimulatedAccount account = null!;
    private SimulatedVendor vendor = null!;
    private SimulatedApp app = null!;

    private string Registered => string.Join(' ', vendor.Point.Registered.Select(one => $"{one.Key} {string.Join(',', one.Value)}"));

    [SetUp]
    public void Start()
    {
        account = new SimulatedAccount();
        vendor = new SimulatedVendor();
        vendor.Point.SecondPost = SecondPost.IsIgnored;
        vendor.Point.Register(Url, "ProvisioningFailed");
        app = new SimulatedApp(account, vendor, settings: [("Point:SelfCheck", "false")]);
    }

    [TearDown]
    public void Stop() => app.Dispose();

    [TestCase(0, 0)]
    [TestCase(1, 1)]
    [TestCase(2, 3)]
    [TestCase(6, 1 + 2 + 4 + 8 + 16 + 32)]
    [TestCase(8, 1 + 2 + 4 + 8 + 16 + 32 + 60 + 60)]
    public void It_is_tried_again_after_a_second_and_after_twice_as_long_each_time_up_to_a_minute(int failures, int pauses)
    {
        Fail(failures, VendorFault.Refused);

        var (_, taken) = app.Timed(RunAsync);

        Assert.That(Registered, Is.EqualTo($"{Url} *"));
        Assert.That(Result.Result, Is.EqualTo(RegistrationResult.Repaired));
        Assert.That(taken, Is.EqualTo(TimeSpan.FromSeconds(pauses) + (vendor.AnswerTime * vendor.Asked)));
    }

    [TestCase(SecondPost.Duplicates)]
    [TestCase(SecondPost.Fails)]
    public void A_POST_whose_answer_is_lost_is_not_made_again(SecondPost secondPost)
    {
        vendor.Faults = () =>
        {
            if (vendor.Asked != Before + 1)
                return VendorFault.None;
            vendor.Point.SecondPost = secondPost;
            return VendorFault.AnswerLost;
        };

        app.Run(RunAsync);

        Assert.That(Registered, Is.EqualTo($"{Url} *"));
        Assert.That(Result.Result, Is.EqualTo(RegistrationResult.Repaired));
        Assert.That(vendor.Asked, Is.EqualTo(Before + 3), "POST, GET, and the GET that ends each repair");
    }

    [TestCase(VendorFault.Refused, true)]
    [TestCase(VendorFault.AnswerLost, false)]
    public void Then_it_is_missing_for_sure_if_it_was_refused_and_perhaps_if_nothing_was_heard(object fault, bool isMissing)
    {
        var since = KnownBefore();
        vendor.Faults = () => vendor.Asked > Before ? (VendorFault)fault : VendorFault.None;

        Assert.That(() => app.Run(RunAsync), Throws.TypeOf<RegistrationException>());

        Assert.That((Result.Result, Result.RegisteredSince), Is.EqualTo((RegistrationResult.Failed, isMissing ? null : (DateTimeOffset?)since)));
        var tried = Result.At - since - (vendor.AnswerTime * vendor.Asked);
        Assert.That(tried, Is.InRange(TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10)), "with pauses of a minute at the end");
        vendor.Faults = () => VendorFault.None;
        app.Run(RunAsync);
        Assert.That(Registered, Is.EqualTo($"{Url} *"));
    }

    [TestCase(SecondPost.Updates, true)]
    [TestCase(SecondPost.Fails, false)]
    public void What_had_to_be_removed_on_the_way_was_not_registered_without_a_break(SecondPost secondPost, bool isUnbroken)
    {
        vendor.Point.SecondPost = secondPost;
        var since = KnownBefore();
        account.Advance(TimeSpan.FromHours(1));

        app.Run(RunAsync);

        Assert.That((Result.Result, Result.RegisteredSince), Is.EqualTo((RegistrationResult.Repaired, (DateTimeOffset?)(isUnbroken ? since : Result.At))));
    }

    [TestCase("")]
    [TestCase("/")]
    public void What_is_sent_is_what_is_documented_also_where_Syskit_Point_has_a_path(string slash)
    {
        using var behindPath = new SimulatedApp(
            account, vendor, settings: [("Point:SelfCheck", "false"), ("Point:BaseUrl", $"http://127.0.0.1:9/point{slash}")]);
        const string Endpoints = "http://127.0.0.1:9/point/v1.0/webhooks/endpoints";

        behindPath.Run(() => RunAsync(behindPath, CancellationToken.None));

        Assert.That(vendor.Calls, Is.EqualTo(
        [
            $"GET {Endpoints} ",
            $$"""POST {{Endpoints}} {"endpoint":"{{Url}}","types":["*"]}""",
            $"GET {Endpoints} ",
            $$"""DELETE {{Endpoints}} {"endpoint":"{{Url}}"}""",
            $$"""POST {{Endpoints}} {"endpoint":"{{Url}}","types":["*"]}""",
            $"GET {Endpoints} ",
        ]));
    }

    [TestCase(VendorFault.Refused, true)]
    [TestCase(VendorFault.AnswerLost, false)]
    public void Likewise_one_that_was_not_there(object fault, bool isMissing)
    {
        var since = KnownBefore();
        vendor.Point.Remove(Url);
        vendor.Faults = () => vendor.Asked == 2 ? (VendorFault)fault : VendorFault.None;

        Assert.That(() => app.Run(RunAsync), Throws.TypeOf<RegistrationException>());

        Assert.That(Result.RegisteredSince, Is.EqualTo(isMissing ? null : (DateTimeOffset?)since));
    }

    [Test]
    public void Listed_twice_it_is_right_only_if_both_are()
    {
        vendor.Point.SecondPost = SecondPost.Duplicates;
        vendor.Point.Register(Url, "*");
        vendor.Point.SecondPost = SecondPost.IsIgnored;

        app.Run(RunAsync);

        Assert.That(Registered, Is.EqualTo($"{Url} *"));
    }

    [Test]
    public void Listed_twice_the_one_with_other_types_is_enough_for_the_DELETE_also_after_the_second_POST()
    {
        vendor.Point.SecondPost = SecondPost.Duplicates;
        vendor.Point.Register(Url, "ProvisioningStarted");

        app.Run(RunAsync);

        Assert.That(Registered, Is.EqualTo($"{Url} *"));
    }

    [Test]
    public void A_failure_nobody_thought_of_is_recorded_by_its_kind_and_not_in_its_words()
    {
        vendor.Faults = () => throw new InvalidOperationException("a secret");

        Assert.That(() => app.Run(RunAsync), Throws.InvalidOperationException);

        Assert.That(Result.Error, Is.EqualTo("Unexpected error (InvalidOperationException). See the application log."));
    }

    [Test]
    public void The_record_stands_where_another_version_finds_it()
    {
        KnownBefore();

        Assert.That(app.Run(() => app.Get<PointTable>().FindAsync(new RowAddress("registration", "last"), null, TimeSpan.FromSeconds(10))), Is.Not.Null);
    }

    [Test]
    public void A_shutdown_between_the_two_does_not_leave_it_out()
    {
        var before = KnownBefore();
        using var stopping = new CancellationTokenSource();
        vendor.Faults = () =>
        {
            if (vendor.Asked == Before)
                stopping.Cancel();
            return VendorFault.None;
        };

        Assert.That(() => app.Run(() => RunAsync(stopping.Token)), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(Registered, Is.EqualTo($"{Url} *"));
        Assert.That((Result.Result, Result.At), Is.EqualTo((RegistrationResult.InPlace, before)), "a run that is told to stop has not failed");
        Assert.That(app.Measured.Of("point.registration.runs"), Is.Empty);
    }

    [Test]
    public void A_listing_that_lacks_it_after_the_repair_is_said()
    {
        KnownBefore();
        vendor.Point.SecondPost = SecondPost.Updates;
        // Lost by the vendor, right behind the POST.
        vendor.Faults = () =>
        {
            if (vendor.Asked == 3)
                vendor.Point.Remove(Url);
            return VendorFault.None;
        };

        Assert.That(() => app.Run(RunAsync), Throws.TypeOf<RegistrationException>().With.Message.EqualTo(
            "Syskit Point accepted the registration of the endpoint but does not list it."));
        Assert.That(Result.RegisteredSince, Is.Null);
    }

    [Test]
    public void A_DELETE_whose_answer_is_lost_leaves_it_registered()
    {
        vendor.Faults = () => vendor.Asked == Before ? VendorFault.AnswerLost : VendorFault.None;

        app.Run(RunAsync);

        Assert.That((Registered, Result.Result), Is.EqualTo(($"{Url} *", RegistrationResult.Repaired)));
    }

    [Test]
    public void A_DELETE_that_is_refused_fails_the_run_and_is_tried_again_by_the_next()
    {
        vendor.Faults = () => vendor.Asked == Before ? VendorFault.Refused : VendorFault.None;

        Assert.That(() => app.Run(RunAsync), Throws.TypeOf<PointApiException>().With.Message.Contains("DELETE"));
        Assert.That((Registered, Result.IneffectiveRepair), Is.EqualTo(($"{Url} ProvisioningFailed", (string?)null)));
        vendor.Faults = () => VendorFault.None;
        app.Run(RunAsync);

        Assert.That((Registered, Result.Result), Is.EqualTo(($"{Url} *", RegistrationResult.Repaired)));
    }

    [Test]
    public void A_repair_without_effect_is_not_repeated_either_after_a_run_that_could_not_find_out()
    {
        // The vendor keeps to the types that it had, whatever it answered to the POST.
        vendor.Faults = () =>
        {
            if (vendor.Asked == Before + 2)
            {
                vendor.Point.Remove(Url);
                vendor.Point.Register(Url, "ProvisioningFailed");
            }

            return VendorFault.None;
        };
        Assert.That(() => app.Run(RunAsync), Throws.TypeOf<RegistrationException>());
        var repair = Result.IneffectiveRepair;
        vendor.Faults = () => VendorFault.Refused;
        Assert.That(() => app.Run(RunAsync), Throws.TypeOf<PointApiException>());
        vendor.Faults = () => VendorFault.None;
        var asked = vendor.Asked;

        Assert.That(() => app.Run(RunAsync), Throws.TypeOf<RegistrationException>().With.Message.Contains("still lists other event types"));

        Assert.That(repair, Is.Not.Null);
        Assert.That((Result.IneffectiveRepair, vendor.Asked - asked), Is.EqualTo((repair, 1)));
    }

    private RegistrationResult Result => app.Run(() => app.Get<RegistrationStore>().ReadAsync(CancellationToken.None))!;

    private DateTimeOffset KnownBefore()
    {
        var since = app.Time.GetUtcNow();
        app.Run(() => app.Get<RegistrationStore>().WriteAsync(
            new RegistrationResult(since, RegistrationResult.InPlace, Url, since, CanList: true, Error: null)));
        return since;
    }

    // After each POST that failed the endpoints are listed.
    private void Fail(int posts, VendorFault fault) =>
        vendor.Faults = () => vendor.Asked > Before && (vendor.Asked - Before) % 2 == 1 && vendor.Asked - Before < 2 * posts ? fault : VendorFault.None;

    private Task<bool> RunAsync() => RunAsync(CancellationToken.None);

    private Task<bool> RunAsync(CancellationToken stopping) => RunAsync(app, stopping);

    private static async Task<bool> RunAsync(SimulatedApp app, CancellationToken stopping)
    {
        await using var scope = app.Get<IServiceScopeFactory>().CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<RegistrationRun>().RunAsync(stopping);
        return true;
    }
}
