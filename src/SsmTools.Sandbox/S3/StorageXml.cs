using System.Text;
using System.Xml;
using System.Xml.Linq;
using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.S3;

/// <summary>S3's XML.</summary>
internal static class StorageXml
{
    private static readonly XNamespace s_namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    public static XElement Element(string name, params object?[] content) => new(s_namespace + name, content);

    public static byte[] Write(XElement root) =>
        Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{root.ToString(SaveOptions.DisableFormatting)}");

    /// <summary>A time as S3 writes it.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Reads a request's body, whose root has that name.</summary>
    public static XElement Read(byte[] body, string root)
    {
        try
        {
            XmlReaderSettings settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
            using XmlReader reader = XmlReader.Create(new MemoryStream(body), settings);
            XElement read = XElement.Load(reader);
            if (read.Name.LocalName == root)
            {
                return read;
            }
        }
        catch (XmlException)
        {
            // Refused below, as anything else that is not what is asked for.
        }

        throw ErrorWords.Unreadable(
            WireProtocol.RestXml, "The XML you provided was not well-formed or did not validate against our published schema");
    }
}
