using System.Collections;
using AI = Microsoft.Extensions.AI;

namespace Vllm.ExtensionsAI;

/// <summary>The contents of an update, mostly one piece of text: a list of one without an array, which becomes an ordinary list as soon as somebody changes it.</summary>
sealed class OneContent(AI.AIContent only) : IList<AI.AIContent>
{
    // The one content, or the list of several: one field, since there is an object like this for each chunk.
    object _items = only;

    public int Count => _items is List<AI.AIContent> list ? list.Count : 1;

    public bool IsReadOnly => false;

    public AI.AIContent this[int index]
    {
        get => _items is AI.AIContent one && index == 0 ? one : List[index];
        set => List[index] = value;
    }

    List<AI.AIContent> List
    {
        get
        {
            if (_items is List<AI.AIContent> list) return list;
            _items = list = [(AI.AIContent)_items];
            return list;
        }
    }

    public void Add(AI.AIContent item) => List.Add(item);

    public void Insert(int index, AI.AIContent item) => List.Insert(index, item);

    public bool Remove(AI.AIContent item) => List.Remove(item);

    public void RemoveAt(int index) => List.RemoveAt(index);

    public void Clear() => List.Clear();

    public int IndexOf(AI.AIContent item) => List.IndexOf(item);

    public bool Contains(AI.AIContent item) => List.Contains(item);

    public void CopyTo(AI.AIContent[] array, int arrayIndex) => List.CopyTo(array, arrayIndex);

    public IEnumerator<AI.AIContent> GetEnumerator() => _items is AI.AIContent one ? Single(one) : List.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    static IEnumerator<AI.AIContent> Single(AI.AIContent one)
    {
        yield return one;
    }
}
