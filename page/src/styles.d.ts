// Style sheets are gathered by the build; to the types they are only names.
declare module "*.css";
