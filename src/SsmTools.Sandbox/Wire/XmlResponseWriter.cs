using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml;

namespace SsmTools.Sandbox.Wire;

/// <summary>Writes answers and errors of the query and EC2 protocols.</summary>
internal sealed class XmlResponseWriter(ServiceModel model)
{
    private static readonly XmlWriterSettings s_settings = new() { Encoding = new UTF8Encoding(false), Indent = false };

    private bool IsEc2 => model.Protocol == WireProtocol.Ec2;

    public byte[] Write(OperationModel operation, JsonObject response, string requestId)
    {
        return Document(xml =>
        {
            xml.WriteStartElement($"{operation.Name}Response", IsEc2 ? $"{model.Namespace}/" : model.Namespace);
            if (IsEc2)
            {
                xml.WriteElementString("requestId", requestId);
                if (operation.Output is null)
                {
                    xml.WriteElementString("return", "true");
                }
                else
                {
                    Structure(xml, response, operation.Output);
                }
            }
            else
            {
                if (operation.Output is not null)
                {
                    xml.WriteStartElement(operation.ResultWrapper ?? $"{operation.Name}Result");
                    Structure(xml, response, operation.Output);
                    xml.WriteEndElement();
                }

                xml.WriteStartElement("ResponseMetadata");
                xml.WriteElementString("RequestId", requestId);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        });
    }

    public byte[] WriteError(ServiceError error, string requestId)
    {
        return Document(xml =>
        {
            if (IsEc2)
            {
                xml.WriteStartElement("Response");
                xml.WriteStartElement("Errors");
            }
            else
            {
                xml.WriteStartElement("ErrorResponse", model.Namespace);
            }

            xml.WriteStartElement("Error");
            if (!IsEc2)
            {
                xml.WriteElementString("Type", error.Status < 500 ? "Sender" : "Receiver");
            }

            xml.WriteElementString("Code", error.Code);
            xml.WriteElementString("Message", Clean(error.Message));
            xml.WriteEndElement();
            if (IsEc2)
            {
                xml.WriteEndElement();
            }

            xml.WriteElementString(IsEc2 ? "RequestID" : "RequestId", requestId);
            xml.WriteEndElement();
        });
    }

    private static byte[] Document(Action<XmlWriter> write)
    {
        using MemoryStream stream = new();
        using (XmlWriter xml = XmlWriter.Create(stream, s_settings))
        {
            xml.WriteStartDocument();
            write(xml);
            xml.WriteEndDocument();
        }

        return stream.ToArray();
    }

    /// <summary>Text without what XML cannot hold: a caller's control characters must not spoil the answer.</summary>
    private static string Clean(string text)
    {
        try
        {
            return XmlConvert.VerifyXmlChars(text);
        }
        catch (XmlException)
        {
            StringBuilder clean = new(text.Length);
            foreach (Rune rune in text.EnumerateRunes())
            {
                bool allowed = !rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value);
                clean.Append(allowed ? rune.ToString() : "\uFFFD");
            }

            return clean.ToString();
        }
    }

    private void Structure(XmlWriter xml, JsonObject given, Shape shape)
    {
        ModelGuard.OnlyKnown(given, shape);
        foreach (ShapeMember member in shape.Members)
        {
            if (given[member.Name] is JsonNode value)
            {
                Value(xml, value, member.WireName, member.Shape);
            }
        }
    }

    private void Value(XmlWriter xml, JsonNode node, string name, Shape shape)
    {
        if (shape is { Kind: ShapeKind.List, Flattened: true })
        {
            foreach (JsonNode? item in node.AsArray())
            {
                Value(xml, item!, shape.Item!.LocationName ?? name, shape.Item.Shape);
            }

            return;
        }

        xml.WriteStartElement(name);
        switch (shape.Kind)
        {
            case ShapeKind.Structure:
                Structure(xml, node.AsObject(), shape);
                break;
            case ShapeKind.List:
                foreach (JsonNode? item in node.AsArray())
                {
                    Value(xml, item!, shape.Item!.LocationName ?? (IsEc2 ? "item" : "member"), shape.Item.Shape);
                }

                break;
            case ShapeKind.Map:
                foreach ((string key, JsonNode? item) in node.AsObject())
                {
                    xml.WriteStartElement("entry");
                    xml.WriteElementString(shape.Key!.LocationName ?? "key", Clean(key));
                    Value(xml, item!, shape.Item!.LocationName ?? "value", shape.Item.Shape);
                    xml.WriteEndElement();
                }

                break;
            default:
                xml.WriteString(Scalar(node, shape));
                break;
        }

        xml.WriteEndElement();
    }

    private string Scalar(JsonNode node, Shape shape)
    {
        return shape.Kind switch
        {
            ShapeKind.Time => Timestamps.ToIso(node.GetValue<DateTimeOffset>(), IsEc2),
            ShapeKind.Flag => node.GetValue<bool>() ? "true" : "false",
            ShapeKind.Number => ModelGuard.Integer(node).ToString(CultureInfo.InvariantCulture),
            ShapeKind.Real => node.GetValue<double>().ToString("R", CultureInfo.InvariantCulture),
            _ => Clean(node.GetValue<string>()),
        };
    }
}
