using Azure;
using NUnit.Framework.Constraints;

namespace PointWebhooks.Tests.Simulation.Conformance;

/// <summary>Says what refusal a call has to meet.</summary>
internal static class Refused
{
    /// <summary>A call is refused with a status and an error code.</summary>
    public static IResolveConstraint With(int status, string code) => Throws.InstanceOf<RequestFailedException>()
        .With.Property(nameof(RequestFailedException.Status)).EqualTo(status)
        .And.Property(nameof(RequestFailedException.ErrorCode)).EqualTo(code);
}
