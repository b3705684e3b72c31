using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Fluid;
using Fluid.Values;
using Microsoft.AspNetCore.Http;

namespace PointWebhooks.Operations;

/// <summary>
/// The status as a page: no script, no assets from elsewhere. Its replay buttons are forms that post to the replay functions, with
/// the function key that the page itself was asked with.
/// </summary>
internal static class StatusPage
{
    private const string Template = "status.liquid";

    private static readonly TemplateOptions Options = CreateOptions();
    private static readonly Lazy<IFluidTemplate> Parsed = new(Parse);

    /// <summary>The page as an answer.</summary>
    public static async Task<IResult> ToResultAsync(StatusReport report, HttpRequest request)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        SecuredHeaders(request).ContentSecurityPolicy =
            $"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

        var context = new TemplateContext(report, Options);
        context.SetValue("nonce", nonce);
        context.SetValue("key", FunctionKey(request));
        context.SetValue("notice", Notice(request.Query["replay"]));
        return TypedResults.Text(await Parsed.Value.RenderAsync(context, HtmlEncoder.Default), "text/html; charset=utf-8");
    }

    /// <summary>Sends a browser back to the page after one of its forms.</summary>
    /// <param name="page">The page's url, relative to the request's.</param>
    public static IResult BackTo(HttpRequest request, string page, string outcome)
    {
        SecuredHeaders(request).Location = $"{page}?replay={outcome}{FunctionKey(request)}";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static IHeaderDictionary SecuredHeaders(HttpRequest request)
    {
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        // The url holds the function key.
        headers["Referrer-Policy"] = "same-origin";
        return headers;
    }

    // As the Functions host takes it from a query; nothing under LocalHost, which asks for none.
    private static string FunctionKey(HttpRequest request) =>
        request.Query["code"] is { Count: 1 } code ? $"&code={Uri.EscapeDataString(code.ToString())}" : "";

    // The query names an outcome; no text of it is shown.
    private static string Notice(string? outcome) => outcome switch
    {
        "Replayed" => "The event is processed again.",
        "Dead" => "The dead events are processed again.",
        "Open" => "The event is open: it is being processed.",
        "Completed" => "The event is completed; nothing was done.",
        "Unknown" => "There is no such event.",
        "SelfCheckRight" => "This app answers at its registered url.",
        "SelfCheckWrong" => "The registered url does not lead to this app: the log says why (event 46), and so does the next registration.",
        _ => "",
    };

    private static string Ago(FluidValue time, FluidValue now) =>
        time.ToObjectValue() is DateTimeOffset then && now.ToObjectValue() is DateTimeOffset at ? Age.Text(at - then) : "never";

    private static IFluidTemplate Parse()
    {
        using var stream = typeof(StatusPage).Assembly.GetManifestResourceStream(Template)
            ?? throw new InvalidOperationException($"The template {Template} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return new FluidParser().Parse(reader.ReadToEnd());
    }

    private static TemplateOptions CreateOptions()
    {
        var options = new TemplateOptions { MemberAccessStrategy = UnsafeMemberAccessStrategy.Instance };
        options.Filters.AddFilter("ago", (input, arguments, _) => new(new StringValue(Ago(input, arguments.At(0)))));
        return options;
    }
}
