using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Fluid;
using Microsoft.AspNetCore.Http;

namespace PointWebhooks.Operations.Pages;

/// <summary>
/// A page for people: no script, no assets from elsewhere. Its links and forms take along the function key that it was asked with.
/// </summary>
/// <param name="Template">The template of its content, embedded in this assembly.</param>
/// <param name="Title">What the browser shows on its tab.</param>
/// <param name="Model">What the template shows.</param>
internal sealed record Page(string Template, string Title, object Model)
{
    private const string Layout = "layout.liquid";

    /// <summary>The way from the page's url to that of the status page, as far as the last slash.</summary>
    public string Root { get; init; } = "";

    /// <summary>What the template shows besides.</summary>
    public IReadOnlyDictionary<string, object?> Values { get; init; } = new Dictionary<string, object?>();

    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>The page as an answer.</summary>
    public async Task<IResult> ToResultAsync(HttpRequest request)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        SecuredHeaders(request).ContentSecurityPolicy =
            $"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

        var content = PageTemplates.Context(Model);
        foreach (var (name, value) in Values)
            content.SetValue(name, value);
        SetLinks(content, request);

        var layout = PageTemplates.Context(null);
        SetLinks(layout, request);
        layout.SetValue("nonce", nonce);
        layout.SetValue("title", Title);
        layout.SetValue("page", Template.Split('.')[0]);
        layout.SetValue("notice", Notices.Of(request.Query));
        layout.SetValue("refresh", Refresh(request));
        layout.SetValue("content", await PageTemplates.Get(Template).RenderAsync(content, HtmlEncoder.Default));
        return TypedResults.Text(
            await PageTemplates.Get(Layout).RenderAsync(layout, HtmlEncoder.Default), "text/html; charset=utf-8", statusCode: Status);
    }

    /// <summary>Sends a browser to a page after one of its forms.</summary>
    /// <param name="page">The page's url, relative to the request's, with its query.</param>
    public static IResult SeeOther(HttpRequest request, string page)
    {
        SecuredHeaders(request).Location = page + FunctionKey(request);
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static IHeaderDictionary SecuredHeaders(HttpRequest request)
    {
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers.Vary = "Accept";
        headers.XContentTypeOptions = "nosniff";
        // The url holds the function key.
        headers["Referrer-Policy"] = "same-origin";
        return headers;
    }

    private void SetLinks(TemplateContext context, HttpRequest request)
    {
        context.SetValue("root", Root);
        context.SetValue("key", FunctionKey(request));
        context.SetValue("code", request.Query["code"] is { Count: 1 } code ? code.ToString() : null);
    }

    // As the Functions host takes it from a query; nothing under LocalHost, which asks for none.
    private static string FunctionKey(HttpRequest request) =>
        request.Query["code"] is { Count: 1 } code ? $"&code={Uri.EscapeDataString(code.ToString())}" : "";

    // In seconds. Less would keep storage busy with a page that nobody looks at.
    private static int? Refresh(HttpRequest request) =>
        int.TryParse(request.Query["refresh"], out var seconds) && seconds is >= 10 and <= 3600 ? seconds : null;
}
