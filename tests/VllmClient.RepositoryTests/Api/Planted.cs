namespace Vllm.Tests.Repository.Api.Planted
{
    public static class PlantedExtensions
    {
        extension(string text)
        {
            public int PlantedMember => text.Length;

            public IEnumerable<char> PlantedIterator()
            {
                foreach (var letter in text) yield return letter;
            }
        }
    }
}

namespace Microsoft.Extensions.Planted
{
    public static class PlantedRegistration
    {
        public static string AddPlanted(this string text) => text;
    }
}
