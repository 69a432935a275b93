using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Vllm.Tests.ExtensionsAI;

public class AIRegistrationTests
{
    [Fact]
    public void One_line_registers_a_chat_client_and_one_an_embedding_generator()
    {
        var collection = new ServiceCollection();
        collection.AddVllmClient(options => options.BaseUrl = new("http://gpu:8000"));
        collection.AddVllmChatClient("chat-model").AddVllmEmbeddingGenerator("vectors", 256);
        using var services = collection.BuildServiceProvider();

        var chat = services.GetRequiredService<IChatClient>();
        var embeddings = services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();

        chat.ShouldBeSameAs(services.GetRequiredService<IChatClient>());
        chat.GetService<IVllmClient>().ShouldBeSameAs(services.GetRequiredService<IVllmClient>());
        chat.GetService<ChatClientMetadata>()!.DefaultModelId.ShouldBe("chat-model");
        embeddings.GetService<IVllmClient>().ShouldBeSameAs(services.GetRequiredService<IVllmClient>());
        embeddings.GetService<EmbeddingGeneratorMetadata>()!.DefaultModelId.ShouldBe("vectors");
        embeddings.GetService<EmbeddingGeneratorMetadata>()!.DefaultModelDimensions.ShouldBe(256);
    }

    [Fact]
    public void A_key_asks_the_client_of_the_same_name()
    {
        var collection = new ServiceCollection();
        collection.AddKeyedVllmClient("fast", options => options.BaseUrl = new("http://fast:8000"));
        collection.AddKeyedVllmChatClient("fast").AddKeyedVllmEmbeddingGenerator("fast");
        using var services = collection.BuildServiceProvider();

        var client = services.GetRequiredKeyedService<IVllmClient>("fast");

        services.GetRequiredKeyedService<IChatClient>("fast").GetService<IVllmClient>().ShouldBeSameAs(client);
        services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("fast").GetService<IVllmClient>().ShouldBeSameAs(client);
        services.GetService<IChatClient>().ShouldBeNull();
    }

    [Fact]
    public void What_the_application_registered_before_stays()
    {
        var collection = new ServiceCollection();
        var own = new VllmClient(new Uri("http://own:8000")).AsIChatClient();
        collection.AddSingleton(own);
        collection.AddVllmClient(options => options.BaseUrl = new("http://gpu:8000"));
        collection.AddVllmChatClient();
        using var services = collection.BuildServiceProvider();

        services.GetRequiredService<IChatClient>().ShouldBeSameAs(own);
    }

    [Fact]
    public void A_name_must_be_given()
    {
        var collection = new ServiceCollection();

        Should.Throw<ArgumentException>(() => collection.AddKeyedVllmChatClient(" ")).ParamName.ShouldBe("name");
        Should.Throw<ArgumentException>(() => collection.AddKeyedVllmEmbeddingGenerator("")).ParamName.ShouldBe("name");
    }
}
