using System.Xml;

namespace SsmTools.Engine.Aws.Runtime;

/// <summary>Reads an answer in XML: members are elements, and so are the items of a list, whatever their name.</summary>
internal sealed class XmlWireReader(XmlReader xml) : WireReader
{
    public static XmlReader Open(Stream body) =>
        XmlReader.Create(body, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });

    public override string? String() => xml.ReadElementContentAsString();

    public override T? Structure<T>(T target)
        where T : class
    {
        Children(() =>
        {
            if (!target.Read(this, xml.LocalName))
            {
                xml.Skip();
            }
        });
        return target;
    }

    public override List<T> List<T>(List<T> target, Func<WireReader, T?> element)
        where T : default
    {
        Children(() =>
        {
            if (element(this) is { } value)
            {
                target.Add(value);
            }
        });
        return target;
    }

    public override Dictionary<string, T> Map<T>(Dictionary<string, T> target, Func<WireReader, T?> element)
        where T : default
    {
        Children(() =>
        {
            string key = string.Empty;
            T? value = default;
            Children(() =>
            {
                switch (xml.LocalName)
                {
                    case "key": key = xml.ReadElementContentAsString(); break;
                    case "value": value = element(this); break;
                    default: xml.Skip(); break;
                }
            });
            if (value is not null)
            {
                target[key] = value;
            }
        });
        return target;
    }

    protected override string? Scalar() => xml.ReadElementContentAsString() is { Length: > 0 } text ? text : null;

    /// <summary>Goes into the element and stands at each child in turn; the action must leave each one behind.</summary>
    internal void Children(Action child)
    {
        if (xml.IsEmptyElement)
        {
            xml.Read();
            return;
        }

        xml.ReadStartElement();
        while (xml.MoveToContent() == XmlNodeType.Element)
        {
            child();
        }

        xml.ReadEndElement();
    }
}
