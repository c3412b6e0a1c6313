export * from '../../core/maps/colorMaps.ts';
