package dev.latchkey.gateway.user;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** A bean that is there only if users come from one of these sources. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Conditional(ConditionalOnUserSource.Chosen.class)
public @interface ConditionalOnUserSource {

    /** One of these; nothing: if there are no users with passwords at all. */
    UserSource[] value();

    /** By the properties alone. */
    final class Chosen implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            MergedAnnotation<ConditionalOnUserSource> wanted =
                    metadata.getAnnotations().get(ConditionalOnUserSource.class);
            List<UserSource> sources = List.of(wanted.getEnumArray(MergedAnnotation.VALUE, UserSource.class));
            return UsersSetting.source(context.getEnvironment())
                    .map(sources::contains)
                    .orElse(sources.isEmpty());
        }
    }
}
