using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Vllm.Tests.Repository.Architecture;

/// <summary>Reads from compiled code which types a type mentions, wherever the compiler has hidden the mention: state machines, closures and local functions count as their outermost type.</summary>
static class TypeDependencies
{
    /// <summary>The outermost types that a type and all that is nested in it mention.</summary>
    public static IReadOnlySet<string> Of(TypeDefinition type)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        AddType(type, found);
        found.Remove(OutermostName(type));
        return found;
    }

    public static string OutermostName(TypeReference type)
    {
        while (type.DeclaringType is not null) type = type.DeclaringType;
        return type.FullName;
    }

    static void AddType(TypeDefinition type, HashSet<string> found)
    {
        Add(type.BaseType, found);
        AddAttributes(type, found);
        AddParameters(type, found);
        foreach (var implemented in type.Interfaces) Add(implemented.InterfaceType, found);
        foreach (var field in type.Fields)
        {
            Add(field.FieldType, found);
            AddAttributes(field, found);
        }
        foreach (var property in type.Properties) AddAttributes(property, found);
        foreach (var raised in type.Events) Add(raised.EventType, found);
        foreach (var method in type.Methods) AddMethod(method, found);
        foreach (var nested in type.NestedTypes) AddType(nested, found);
    }

    static void AddMethod(MethodDefinition method, HashSet<string> found)
    {
        Add(method.ReturnType, found);
        AddAttributes(method, found);
        AddParameters(method, found);
        foreach (var parameter in method.Parameters)
        {
            Add(parameter.ParameterType, found);
            AddAttributes(parameter, found);
        }
        if (!method.HasBody) return;
        foreach (var local in method.Body.Variables) Add(local.VariableType, found);
        foreach (var handler in method.Body.ExceptionHandlers) Add(handler.CatchType, found);
        foreach (var instruction in method.Body.Instructions) AddOperand(instruction, found);
    }

    static void AddOperand(Instruction instruction, HashSet<string> found)
    {
        switch (instruction.Operand)
        {
            case TypeReference type:
                Add(type, found);
                break;
            case FieldReference field:
                Add(field.DeclaringType, found);
                Add(field.FieldType, found);
                break;
            // Parameters of a callee are not mentioned by the caller: leaving out an optional argument is no use of its type.
            case MethodReference method:
                Add(method.DeclaringType, found);
                Add(method.ReturnType, found);
                if (method is GenericInstanceMethod generic) foreach (var argument in generic.GenericArguments) Add(argument, found);
                break;
        }
    }

    static void AddParameters(IGenericParameterProvider owner, HashSet<string> found)
    {
        foreach (var parameter in owner.GenericParameters)
        {
            foreach (var constraint in parameter.Constraints) Add(constraint.ConstraintType, found);
        }
    }

    static void AddAttributes(ICustomAttributeProvider owner, HashSet<string> found)
    {
        foreach (var attribute in owner.CustomAttributes)
        {
            Add(attribute.AttributeType, found);
            foreach (var argument in attribute.ConstructorArguments) if (argument.Value is TypeReference type) Add(type, found);
        }
    }

    static void Add(TypeReference? type, HashSet<string> found)
    {
        switch (type)
        {
            case null or GenericParameter:
                return;
            case GenericInstanceType generic:
                foreach (var argument in generic.GenericArguments) Add(argument, found);
                Add(generic.ElementType, found);
                return;
            case IModifierType modified:
                Add(modified.ModifierType, found);
                Add(modified.ElementType, found);
                return;
            case FunctionPointerType pointer:
                Add(pointer.ReturnType, found);
                foreach (var parameter in pointer.Parameters) Add(parameter.ParameterType, found);
                return;
            case TypeSpecification specification:
                Add(specification.ElementType, found);
                return;
            default:
                found.Add(OutermostName(type));
                return;
        }
    }
}
