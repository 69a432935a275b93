using System.Text.Json;

namespace Vllm.Wire;

/// <summary>Writes the messages of a conversation.</summary>
static class MessageWriter
{
    internal static void Write(Utf8JsonWriter json, IReadOnlyList<ChatMessage> messages)
    {
        json.WriteStartArray();
        foreach (var message in messages)
        {
            if (message.Json is { } raw) raw.WriteTo(json);
            else Message(json, message);
        }

        json.WriteEndArray();
    }

    static void Message(Utf8JsonWriter json, ChatMessage message)
    {
        json.WriteStartObject();
        json.WriteString("role", message.Role.Value);
        Content(json, message);
        if (message.Reasoning is not null) json.WriteString("reasoning", message.Reasoning);
        if (message.Name is not null) json.WriteString("name", message.Name);
        if (message.ToolCallId is not null) json.WriteString("tool_call_id", message.ToolCallId);
        if (message.Refusal is not null) json.WriteString("refusal", message.Refusal);
        if (message.ToolCalls.Count > 0) ToolWriter.Calls(json, message.ToolCalls);
        json.WriteEndObject();
    }

    static void Content(Utf8JsonWriter json, ChatMessage message)
    {
        json.WritePropertyName("content");
        if (message.Parts.Count == 0)
        {
            json.WriteStringValue(message.Content);
            return;
        }

        json.WriteStartArray();
        foreach (var part in message.Parts) Part(json, part);
        json.WriteEndArray();
    }

    static void Part(Utf8JsonWriter json, ChatPart part)
    {
        if (part is RawPart raw)
        {
            raw.Json.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                json.WriteString("type", "text");
                json.WriteString("text", text.Text);
                break;
            case ImagePart image:
                Image(json, image);
                break;
            case AudioPart { Url: { } url }:
                Url(json, "audio_url", url, null);
                break;
            case AudioPart audio:
                json.WriteString("type", "input_audio");
                json.WriteStartObject("input_audio");
                json.WriteBase64String("data", audio.Bytes.Span);
                json.WriteString("format", audio.Format);
                json.WriteEndObject();
                break;
            case VideoPart video:
                Url(json, "video_url", video.Url, video.Uuid);
                break;
        }

        json.WriteEndObject();
    }

    static void Image(Utf8JsonWriter json, ImagePart image)
    {
        if (image.Url is null)
        {
            json.WriteString("type", "image_url");
            json.WriteNull("image_url");
            json.WriteString("uuid", image.Uuid);
            return;
        }

        Url(json, "image_url", image.Url, image.Uuid, image.Detail?.Value);
    }

    static void Url(Utf8JsonWriter json, string type, string url, string? uuid, string? detail = null)
    {
        json.WriteString("type", type);
        json.WriteStartObject(type);
        json.WriteString("url", url);
        if (detail is not null) json.WriteString("detail", detail);
        json.WriteEndObject();
        if (uuid is not null) json.WriteString("uuid", uuid);
    }
}
