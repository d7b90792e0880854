// Prints Kafka's own definitions of topic configs and ACL operations as JSON; started by generate.py.

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.LogConfig;

public class Dump {
    private static final int PROBES = 64;

    public static void main(String[] arguments) throws Exception {
        Map<String, Object> dump = new TreeMap<>();
        dump.put("configs", configs());
        dump.put("operations", operations());
        StringBuilder json = new StringBuilder();
        write(json, dump);
        System.out.println(json);
    }

    private static Map<String, Object> configs() throws Exception {
        Map<String, Object> configs = new TreeMap<>();
        for (ConfigDef.ConfigKey key : LogConfig.configKeys().values()) {
            Map<String, Object> config = new TreeMap<>();
            config.put("type", key.type.name());
            config.put("default", key.hasDefault() && key.defaultValue != null
                ? ConfigDef.convertToString(key.defaultValue, key.type) : null);
            config.put("doc", key.documentation);
            config.put("internal", key.internalConfig);
            config.put("server", ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS.get(key.name));
            describeValidator(config, key.validator);
            configs.put(key.name, config);
        }
        return configs;
    }

    private static void describeValidator(Map<String, Object> config, ConfigDef.Validator validator) throws Exception {
        config.put("min", field(validator, "min").orElse(null));
        config.put("max", field(validator, "max").orElse(null));
        Object valid = field(validator, "validString").orElse(validator);
        config.put("allowed", field(valid, "validStrings").orElse(null));
        config.put("accepted", accepted(validator));
    }

    /** Tries small numbers on a validator, since some hold their rule in code and not in fields. */
    private static List<Integer> accepted(ConfigDef.Validator validator) {
        List<Integer> accepted = new ArrayList<>();
        for (int number = -PROBES; validator != null && number <= PROBES; number++) {
            try {
                validator.ensureValid("probe", number);
                accepted.add(number);
            } catch (ConfigException | ClassCastException refusal) {
                continue;
            }
        }
        return accepted;
    }

    private static Optional<Object> field(Object owner, String name) throws Exception {
        if (owner == null) {
            return Optional.empty();
        }
        for (Field field : owner.getClass().getDeclaredFields()) {
            if (field.getName().equals(name)) {
                field.setAccessible(true);
                return Optional.ofNullable(field.get(owner));
            }
        }
        return Optional.empty();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> operations() throws Exception {
        Class<?> entry = Class.forName("org.apache.kafka.security.authorizer.AclEntry");
        Method supported = entry.getMethod("supportedOperations", ResourceType.class);
        Map<String, Object> operations = new TreeMap<>();
        for (ResourceType type : ResourceType.values()) {
            if (type != ResourceType.UNKNOWN && type != ResourceType.ANY) {
                Collection<String> names = new TreeSet<>();
                for (AclOperation operation : (Collection<AclOperation>) supported.invoke(null, type)) {
                    names.add(operation.name());
                }
                operations.put(type.name(), names);
            }
        }
        return operations;
    }

    private static void write(StringBuilder json, Object value) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            json.append(value);
        } else if (value instanceof Map<?, ?> map) {
            List<String> members = new ArrayList<>();
            map.forEach((name, member) -> members.add(json(name) + ":" + json(member)));
            json.append("{").append(String.join(",", members)).append("}");
        } else if (value instanceof Collection<?> items) {
            List<String> members = new ArrayList<>();
            items.forEach(item -> members.add(json(item)));
            json.append("[").append(String.join(",", members)).append("]");
        } else {
            quote(json, value.toString());
        }
    }

    private static String json(Object value) {
        StringBuilder json = new StringBuilder();
        write(json, value);
        return json.toString();
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (char letter : text.toCharArray()) {
            if (letter == '"' || letter == '\\' || letter < ' ') {
                json.append(String.format("\\u%04x", (int) letter));
            } else {
                json.append(letter);
            }
        }
        json.append('"');
    }
}
